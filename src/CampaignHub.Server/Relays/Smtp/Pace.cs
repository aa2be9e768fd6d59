namespace CampaignHub.Server.Relays.Smtp;

/// <summary>So many a second, in equal steps. How many may change meanwhile.</summary>
internal sealed class Pace(double? perSecond, TimeProvider time)
{
    // Steps shorter than a timer's grain would be lost by it; so much of them may be made up for.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly long origin = time.GetTimestamp();
    private TimeSpan? step = StepOf(perSecond);
    private TimeSpan? last;

    /// <param name="rate">Above 0; null: as fast as they come.</param>
    public void Change(double? rate)
    {
        lock (gate)
            step = StepOf(rate);
    }

    /// <summary>Waits for the next free instant. Each is given to one caller.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Take();
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }

    private TimeSpan Take()
    {
        lock (gate)
        {
            if (step is not { } length)
                return TimeSpan.Zero;
            var now = time.GetElapsedTime(origin);
            var earliest = now - (Grain > length ? Grain - length : TimeSpan.Zero);
            var mine = last + length is { } following && following > earliest ? following : earliest;
            last = mine;
            return mine - now;
        }
    }

    private static TimeSpan? StepOf(double? perSecond) => perSecond is { } rate ? TimeSpan.FromSeconds(1 / rate) : null;
}
