namespace CampaignHub.Server.Platform.Jobs;

/// <summary>Work that is soon enough every ten minutes, and from the start on: forgetting what has been kept for long enough.</summary>
public abstract class CleanupLoop(WorkSignal signal, WorkerHealth health, ILogger log) : WorkLoop(signal, health, log)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);
    private long _lastAt = -(long)s_every.TotalMilliseconds;

    /// <summary>Forgets a bounded number; true if there may be more.</summary>
    protected abstract Task<bool> ForgetAsync(CancellationToken ct);

    protected sealed override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (Environment.TickCount64 - _lastAt < s_every.TotalMilliseconds)
            return false;
        var more = await ForgetAsync(ct);
        if (!more)
            _lastAt = Environment.TickCount64;
        return more;
    }
}
