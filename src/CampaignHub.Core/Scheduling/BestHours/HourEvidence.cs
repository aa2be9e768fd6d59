using NodaTime;

namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// Somebody's readings, or everybody's, by the hour of the day at which they were read, apart for workdays and weekends
/// (Saturday and Sunday): how often mail was read then, and how often it lay there to be read. Both fade: half counts after
/// 90 days.
/// </summary>
/// <remarks>
/// A message that came at 10:00 and was read at 20:00 says that 20:00 is an hour of reading, and that 10:00 to 19:00 were not,
/// each weighed by how noticeable a message of that age still is. So it shows through at which hour somebody reads,
/// whatever the hour at which mail was sent.
/// </remarks>
public sealed class HourEvidence
{
    internal const int Hours = 24;
    internal const int Kinds = 2;

    private const double ClickCounts = 1.5;
    private const double HalfLifeDays = 90;
    private const int DayOf2000 = 5; // 2000-01-01 was a Saturday: counted from Monday, the fifth after it.

    private static readonly LocalDate s_epoch = new(2000, 1, 1);

    private readonly double[] _read = new double[Kinds * Hours];
    private readonly double[] _lain = new double[Kinds * Hours];

    /// <summary>How often mail was read at each hour: workdays, then weekends.</summary>
    internal ReadOnlySpan<double> Read => _read;

    /// <summary>How often mail lay there, unread till then and noticeable.</summary>
    internal ReadOnlySpan<double> Lain => _lain;

    /// <summary>How many messages this is made of, faded.</summary>
    public double Messages { get; private set; }

    /// <summary>A date as <see cref="Reading.Day"/> counts it.</summary>
    public static int DayNumber(LocalDate date) => Period.DaysBetween(s_epoch, date);

    /// <summary>The date of a <see cref="Reading.Day"/>.</summary>
    public static LocalDate DateOf(int day) => s_epoch.PlusDays(day);

    /// <summary>Whether this day is a Saturday or a Sunday.</summary>
    public static bool IsWeekend(int day) => (day + DayOf2000) % 7 >= 5;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_read);
        Array.Clear(_lain);
        Messages = 0;
    }

    /// <summary>Adds one, as much as it counts on <paramref name="today"/>: once at most, where clocks disagree too.</summary>
    public void Add(Reading reading, int today)
    {
        var weight = double.Exp2(Math.Min(reading.Day - today, 0) / HalfLifeDays);
        Messages += weight;
        var last = reading.Delay ?? Attention.Hours - 1;
        for (var age = 0; age <= last; age++)
            _lain[At(reading, age)] += weight * Attention.ByAge[age];
        if (reading.Delay is { } delay)
            _read[At(reading, delay)] += weight * (reading.Clicked ? ClickCounts : 1);
    }

    /// <summary>Which hour of which kind of day it is when a message has this age.</summary>
    internal static int At(Reading reading, int age)
    {
        var hour = reading.Hour + age;
        return (IsWeekend(reading.Day + hour / Hours) ? Hours : 0) + hour % Hours;
    }
}
