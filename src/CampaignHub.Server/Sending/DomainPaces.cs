namespace CampaignHub.Server.Sending;

/// <summary>
/// How fast the mail domains behind one relay take mail, and how many workers each may have: a quarter of them for one of
/// which nothing is known yet, a tenth for one that is slow beside the others, all but one for one that takes long while
/// nothing is known of others, and all of them otherwise. Not for several threads at once.
/// </summary>
internal sealed class DomainPaces
{
    /// <summary>Slow is what takes both so many times the others' time, and so long.</summary>
    private const double SlowTimes = 4;
    private const double LongMilliseconds = 250;

    /// <summary>How much the newest message weighs in an average.</summary>
    private const double Newest = 0.2;

    /// <summary>For so long it counts what the others took: whoever is alone by then is slow beside nobody.</summary>
    private const long RememberedMilliseconds = 10_000;

    private readonly Dictionary<string, Pace> _paces = new(StringComparer.Ordinal);

    /// <summary>Of the messages to domains that aren't slow, and when the newest of them ended.</summary>
    private double _average;
    private long _averagedAt = -RememberedMilliseconds;

    /// <summary>The one domain whose messages alone are in the average; null where there are several.</summary>
    private string? _averageOf;

    public void Queued(string domain) => Of(domain).Waiting++;

    public void Dropped(string domain) => Of(domain).Waiting--;

    public void Began(string domain)
    {
        var pace = Of(domain);
        pace.Waiting--;
        if (pace.Busy++ == 0)
            pace.BeganAt = Environment.TickCount64;
    }

    public void Ended(string domain, double milliseconds)
    {
        var pace = Of(domain);
        pace.Busy--;
        pace.Average = pace.Average is { } before ? before + (Newest * (milliseconds - before)) : milliseconds;
        if (!IsSlow(pace))
            Average(domain, milliseconds);
        if (pace is { Busy: 0, Waiting: 0 })
            Forget(pace);
    }

    public bool HasRoom(string domain, int workers) => Of(domain) is var pace && pace.Busy < Math.Max(1,
        IsSlow(pace) ? workers / 10 : pace.Average is null ? workers / 4 : TakesLong(pace) && !KnowsOthers(pace) ? workers - 1 : workers);

    public IReadOnlyCollection<string> Slow(int waiting) =>
        [.. _paces.Values.Where(p => p.Waiting >= waiting && IsSlow(p)).Select(p => p.Domain)];

    /// <summary>Whether whatever waits takes long, and is less than so many.</summary>
    public bool OnlyLongWait(int most) => _paces.Values.All(p => p.Waiting == 0 || TakesLong(p)) && _paces.Values.Sum(p => p.Waiting) < most;

    private void Average(string domain, double milliseconds)
    {
        (_average, _averageOf) = Environment.TickCount64 - _averagedAt >= RememberedMilliseconds ? (milliseconds, domain)
            : _averageOf is { } only && only != domain ? (Math.Min(_average, milliseconds), null)
            : (_average + (Newest * (milliseconds - _average)), _averageOf);
        _averagedAt = Environment.TickCount64;
    }

    private bool IsSlow(Pace pace) => TakesLong(pace) && KnowsOthers(pace) && pace.Milliseconds > SlowTimes * _average;

    private static bool TakesLong(Pace pace) => pace.Milliseconds > LongMilliseconds;

    private bool KnowsOthers(Pace pace) => _averageOf != pace.Domain && Environment.TickCount64 - _averagedAt < RememberedMilliseconds;

    // Only a slow one need be remembered; the others are known again after one message.
    private void Forget(Pace pace)
    {
        if (!IsSlow(pace) || _paces.Count > 10_000)
            _paces.Remove(pace.Domain);
    }

    private Pace Of(string domain) => _paces.TryGetValue(domain, out var pace) ? pace : _paces[domain] = new Pace(domain);

    private sealed class Pace(string domain)
    {
        public string Domain => domain;
        public int Waiting { get; set; }
        public int Busy { get; set; }
        public long BeganAt { get; set; }
        public double? Average { get; set; }

        /// <summary>Where nothing is known yet: for how long the first has been under way.</summary>
        public double Milliseconds => Average ?? (Busy > 0 ? Environment.TickCount64 - BeganAt : 0);
    }
}
