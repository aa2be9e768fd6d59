namespace CampaignHub.Server.Sending;

/// <summary>
/// How fast the mail domains behind one relay take mail, and how many workers each may have: a tenth of them for one that
/// is slow beside the others, a quarter for one of which nothing is known yet, all of them otherwise. Not for several
/// threads at once.
/// </summary>
internal sealed class DomainPaces
{
    /// <summary>Slow is what takes both so many times the others' time, and so long.</summary>
    private const double SlowTimes = 4;
    private const double SlowMilliseconds = 250;

    /// <summary>How much the newest message weighs in an average.</summary>
    private const double Newest = 0.2;

    private readonly Dictionary<string, Pace> _paces = new(StringComparer.Ordinal);

    /// <summary>Average of all, each message weighing the same: mostly of the fast ones.</summary>
    private double _average;

    public void Queued(string domain) => Of(domain).Waiting++;

    public void Dropped(string domain) => Of(domain).Waiting--;

    public void Began(string domain)
    {
        Of(domain).Waiting--;
        Of(domain).Busy++;
    }

    public void Ended(string domain, double milliseconds)
    {
        var pace = Of(domain);
        pace.Busy--;
        pace.Average = pace.Average is { } before ? before + (Newest * (milliseconds - before)) : milliseconds;
        if (!IsSlow(pace))
            _average += Newest * (milliseconds - _average);
        if (pace is { Busy: 0, Waiting: 0 })
            Forget(domain, pace);
    }

    public bool HasRoom(string domain, int workers) =>
        Of(domain) is var pace && pace.Busy < (pace.Average is null ? Math.Max(1, workers / 4) : IsSlow(pace) ? Math.Max(1, workers / 10) : workers);

    public IReadOnlyCollection<string> Slow(int waiting) =>
        [.. _paces.Where(p => p.Value.Waiting >= waiting && IsSlow(p.Value)).Select(p => p.Key)];

    private bool IsSlow(Pace pace) => pace.Average > SlowMilliseconds && pace.Average > SlowTimes * _average;

    // Only a slow one need be remembered; the others are known again after one message.
    private void Forget(string domain, Pace pace)
    {
        if (!IsSlow(pace) || _paces.Count > 10_000)
            _paces.Remove(domain);
    }

    private Pace Of(string domain) => _paces.TryGetValue(domain, out var pace) ? pace : _paces[domain] = new Pace();

    private sealed class Pace
    {
        public int Waiting { get; set; }
        public int Busy { get; set; }
        public double? Average { get; set; }
    }
}
