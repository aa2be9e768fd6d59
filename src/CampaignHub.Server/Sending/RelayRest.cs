namespace CampaignHub.Server.Sending;

/// <summary>
/// The breaker of each relay in this process: one that is at fault rests, ever longer up to a minute, and is then tried
/// with a single message before it gets more. Real time. What all nodes know of a relay stands in its row; this acts on it
/// between two claims.
/// </summary>
internal sealed class RelayRest
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>How long a trial may take before another is made.</summary>
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Rest> _resting = [];

    public bool IsResting(Guid relayId)
    {
        lock (_gate)
            return _resting.TryGetValue(relayId, out var rest) && Environment.TickCount64 < rest.Until;
    }

    /// <summary>Whether a message may go: no rest, or it is over and this is the trial.</summary>
    public bool MayTry(Guid relayId)
    {
        lock (_gate)
        {
            if (!_resting.TryGetValue(relayId, out var rest))
                return true;
            if (Environment.TickCount64 < rest.Until)
                return false;
            _resting[relayId] = rest with { Until = In(Trial), IsTried = true };
            return true;
        }
    }

    /// <summary>The trial, where this was one, was called off by ourselves and says nothing of the relay.</summary>
    public void Untried(Guid relayId)
    {
        lock (_gate)
        {
            if (_resting.TryGetValue(relayId, out var rest) && rest.IsTried)
                _resting[relayId] = rest with { Until = Environment.TickCount64, IsTried = false };
        }
    }

    /// <summary>Lets it rest; false where it does already, since all of its connections meet the same fault.</summary>
    public bool Begin(Guid relayId)
    {
        lock (_gate)
        {
            var known = _resting.TryGetValue(relayId, out var before);
            if (known && !before.IsTried && Environment.TickCount64 < before.Until)
                return false;
            var length = !known ? First : before.Length * 2 > Longest ? Longest : before.Length * 2;
            _resting[relayId] = new Rest(In(length), length, IsTried: false);
            return true;
        }
    }

    /// <summary>It took a message; true where it had been at fault.</summary>
    public bool End(Guid relayId)
    {
        lock (_gate)
            return _resting.Remove(relayId);
    }

    private static long In(TimeSpan time) => Environment.TickCount64 + (long)time.TotalMilliseconds;

    /// <param name="Until">When it may be tried, or tried again.</param>
    /// <param name="Length">How long the rest was set.</param>
    /// <param name="IsTried">A trial is on its way.</param>
    private readonly record struct Rest(long Until, TimeSpan Length, bool IsTried);
}
