using CampaignHub.Core.Scheduling.BestHours;

namespace CampaignHub.Benchmarks.BestTime;

/// <summary>
/// Somebody whose habits are known, because they are invented: at which hours they sit down to their mail, how much they care,
/// and what stands between them and being seen.
/// </summary>
internal sealed class SimulatedPerson
{
    private readonly double[] _sittings = new double[48]; // the chance of a sitting: workdays by hour, then weekends
    private readonly double[] _chances = new double[48];
    private double _interest;

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
            IsBehindProxy = random.NextDouble() < 0.3,
            IsBehindScanner = random.NextDouble() < 0.1,
            ZoneError = random.NextDouble() < 0.05 ? random.Next(1, 7) * (random.Next(2) * 2 - 1) : 0,
            _interest = Math.Min(0.9, 0.4 * Math.Exp(0.6 * Normal(random))),
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
        for (var hour = 0; hour < 24; hour++)
            _sittings[hour] = _sittings[24 + hour] = habits == Habits.EveryHourAlike ? 0.15 : hour is >= 7 and < 23 ? 0.12 : 0.01;
        if (habits == Habits.OwnPeaks && random.NextDouble() < 0.7)
        {
            // Evenings at home, mornings on the way, lunch: more of the first in one country than in the other.
            var lot = random.NextDouble();
            var evening = Country == "DE" ? 0.65 : 0.45;
            var peak = lot < evening ? random.Next(18, 23) : lot < evening + 0.25 ? random.Next(6, 10) : random.Next(12, 15);
            for (var hour = 7; hour < 23; hour++)
                _sittings[hour] = _sittings[24 + hour] = 0.03;
            Peak(0, peak);
            Peak(24, random.NextDouble() < 0.5 ? peak : Math.Min(22, peak + 2));
        }
        // Not the law by which the service expects mail to be noticed, since nobody knows the true one.
        for (var hour = 0; hour < 48; hour++)
            _chances[hour] = ChanceWithinADay(hour % 24, weekend: hour >= 24);
    }

    /// <summary>The chance that they read what comes at this hour, by the clock that is believed to be theirs, within a day.</summary>
    public double Chance(int hour, int day) => _chances[(HourEvidence.IsWeekend(day) ? 24 : 0) + (hour + ZoneError + 24) % 24];

    /// <summary>A message comes: what the service sees of what becomes of it, and whether it was read.</summary>
    public (Reading Seen, bool IsRead) Get(Random random, int hour, int day)
    {
        int? delay = null;
        var weekend = HourEvidence.IsWeekend(day) ? 24 : 0;
        for (var age = 0; age < 24 && delay is null; age++)
        {
            if (random.NextDouble() < _sittings[weekend + (hour + ZoneError + age + 24) % 24] && random.NextDouble() < _interest * Noticed(age))
                delay = age;
        }
        var clicked = delay is not null && random.NextDouble() < 0.2;
        var seen = IsBehindProxy && !clicked ? null : delay;
        if (IsBehindScanner && random.NextDouble() < 0.03)
            seen = 0;
        return (new Reading(day, hour, seen, clicked && seen is not null), delay is not null);
    }

    private void Peak(int kind, int hour)
    {
        _sittings[kind + hour] = 0.85;
        _sittings[kind + hour - 1] = Math.Max(_sittings[kind + hour - 1], 0.3);
        _sittings[kind + hour + 1] = Math.Max(_sittings[kind + hour + 1], 0.3);
    }

    private double ChanceWithinADay(int hour, bool weekend)
    {
        var unread = 1.0;
        for (var age = 0; age < 24; age++)
            unread *= 1 - _sittings[(weekend ? 24 : 0) + (hour + age) % 24] * _interest * Noticed(age);
        return 1 - unread;
    }

    private static double Noticed(int age) => Math.Max(0.06, Math.Pow(0.5, age / 5.0));

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
