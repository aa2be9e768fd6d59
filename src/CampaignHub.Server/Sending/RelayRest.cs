using System.Collections.Concurrent;

namespace CampaignHub.Server.Sending;

/// <summary>
/// The breaker of each relay in this process: one that is at fault rests, ever longer up to a minute, and is then tried
/// with a single message before it gets more. Real time.
/// </summary>
internal sealed class RelayRest
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>How long a trial may take before another is made.</summary>
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Rest> _resting = new();

    public bool IsResting(Guid relayId) => _resting.TryGetValue(relayId, out var rest) && Environment.TickCount64 < rest.Until;

    /// <summary>Whether a message may go: no rest, or it is over and this is the trial.</summary>
    public bool MayTry(Guid relayId)
    {
        if (!_resting.TryGetValue(relayId, out var rest))
            return true;
        return Environment.TickCount64 >= rest.Until && _resting.TryUpdate(relayId, rest with { Until = In(Trial) }, rest);
    }

    /// <summary>The trial was called off by ourselves and says nothing of the relay.</summary>
    public void Untried(Guid relayId)
    {
        if (_resting.TryGetValue(relayId, out var rest))
            _resting.TryUpdate(relayId, rest with { Until = Environment.TickCount64 }, rest);
    }

    public void Begin(Guid relayId) => _resting.AddOrUpdate(
        relayId, _ => new Rest(In(First), First, Environment.TickCount64), (_, before) => Longer(before));

    public void End(Guid relayId) => _resting.TryRemove(relayId, out _);

    // Several connections meet one fault: those of the same moment are one.
    private static Rest Longer(Rest before)
    {
        if (Environment.TickCount64 - before.Begun < before.Length.TotalMilliseconds)
            return before;
        var length = before.Length * 2 > Longest ? Longest : before.Length * 2;
        return new Rest(In(length), length, Environment.TickCount64);
    }

    private static long In(TimeSpan time) => Environment.TickCount64 + (long)time.TotalMilliseconds;

    private sealed record Rest(long Until, TimeSpan Length, long Begun);
}
