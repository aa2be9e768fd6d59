using CampaignHub.Core.Scheduling.BestHours;

namespace CampaignHub.Benchmarks.BestTime;

/// <summary>
/// Somebody whose habits are known, because they are invented: at which hours they sit down to their mail, how much they care,
/// and what stands between them and being seen.
/// </summary>
internal sealed class SimulatedPerson
{
    /// <summary>How many of those who read it click.</summary>
    public const double ClicksWhenReading = 0.2;

    /// <summary>How often a scanner's visit passes for a human's.</summary>
    public const double ScannerPasses = 0.03;

    private readonly double[] _chances = new double[48];
    private SimulatedDay _day = new(Habits.EveryHourAlike, null, null);
    private double _interest;

    public const double ShareBehindProxy = 0.3;
    public const double ShareBehindScanner = 0.1;

    /// <summary>By one to six hours, either way.</summary>
    public const double ShareInWrongZone = 0.05;

    public Guid Id { get; private init; }
    public string Country { get; private init; } = "";
    public string MailDomain { get; private init; } = "";

    /// <summary>Opens are fetched by Apple's proxy at once: only clicks show that it is read.</summary>
    public bool IsBehindProxy { get; private init; }

    /// <summary>A gateway follows each link at once; a few of those visits pass for a human's.</summary>
    public bool IsBehindScanner { get; private init; }

    /// <summary>How many hours their clock is ahead of the one that is believed to be theirs.</summary>
    public int ZoneError { get; private init; }

    public List<int> Readings { get; } = [];

    public static SimulatedPerson Invent(Random random, Habits habits)
    {
        var person = new SimulatedPerson
        {
            Id = NewId(random),
            Country = random.NextDouble() < 0.5 ? "DE" : "BR",
            MailDomain = random.NextDouble() < 0.5 ? "mail.example" : "post.example",
            IsBehindProxy = random.NextDouble() < ShareBehindProxy,
            IsBehindScanner = random.NextDouble() < ShareBehindScanner,
            ZoneError = random.NextDouble() < ShareInWrongZone ? random.Next(1, 7) * (random.Next(2) * 2 - 1) : 0,
            _interest = Interest(Normal(random)),
        };
        person.TakeUp(random, habits);
        return person;
    }

    /// <summary>An id by this chance, so that a seed gives the same run each time.</summary>
    public static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>New habits, of the same kind.</summary>
    public void TakeUp(Random random, Habits habits)
    {
        _day = new SimulatedDay(habits, null, null);
        if (habits == Habits.OwnPeaks && random.NextDouble() < SimulatedDay.ShareWithPeak)
        {
            var (evening, morning) = SimulatedDay.ShareOfEveningAndMorning(Country);
            var lot = random.NextDouble();
            var peak = lot < evening ? random.Next(18, 23) : lot < evening + morning ? random.Next(6, 10) : random.Next(12, 15);
            _day = new SimulatedDay(habits, peak, random.NextDouble() < 0.5 ? peak : Math.Min(22, peak + 2));
        }
        for (var hour = 0; hour < 48; hour++)
            _chances[hour] = 1 - _day.Unread(_interest, hour % 24, weekend: hour >= 24);
    }

    /// <summary>The chance that they read what comes at this hour, by the clock that is believed to be theirs, within a day.</summary>
    public double Chance(int hour, int day) => _chances[(HourEvidence.IsWeekend(day) ? 24 : 0) + (hour + ZoneError + 24) % 24];

    /// <summary>A message comes: what the service sees of what becomes of it, and whether it was read.</summary>
    public (Reading Seen, bool IsRead) Get(Random random, int hour, int day)
    {
        int? delay = null;
        for (var age = 0; age < 24 && delay is null; age++)
        {
            if (random.NextDouble() < _day.ReadsAt(_interest, (hour + ZoneError + 24) % 24, HourEvidence.IsWeekend(day), age))
                delay = age;
        }
        var clicked = delay is not null && random.NextDouble() < ClicksWhenReading;
        var seen = IsBehindProxy && !clicked ? null : delay;
        if (IsBehindScanner && random.NextDouble() < ScannerPasses)
            seen = 0;
        return (new Reading(day, hour, seen, clicked && seen is not null), delay is not null);
    }

    /// <summary>How much somebody cares who is so many standard deviations above the middle.</summary>
    public static double Interest(double deviations) => Math.Min(0.9, 0.4 * Math.Exp(0.6 * deviations));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>What kind of people they are.</summary>
internal enum Habits
{
    /// <summary>Seven of ten have an hour of their own, one in five of whom changes it half-way; the others read through the day.</summary>
    OwnPeaks,

    /// <summary>All read through the day and sleep at night.</summary>
    ByDay,

    /// <summary>Every hour is as good as any other.</summary>
    EveryHourAlike,
}
