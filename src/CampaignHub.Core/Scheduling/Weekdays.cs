using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>A day of the week. Its number is that of <see cref="IsoDayOfWeek"/>.</summary>
public enum Weekday
{
    /// <summary>Monday.</summary>
    Mon = 1,

    /// <summary>Tuesday.</summary>
    Tue,

    /// <summary>Wednesday.</summary>
    Wed,

    /// <summary>Thursday.</summary>
    Thu,

    /// <summary>Friday.</summary>
    Fri,

    /// <summary>Saturday.</summary>
    Sat,

    /// <summary>Sunday.</summary>
    Sun,
}

/// <summary>A set of days of the week; equal to any other with the same days.</summary>
public readonly record struct Weekdays
{
    private readonly byte _days;

    private Weekdays(byte days) => _days = days;

    /// <summary>These days; a repeated one counts once.</summary>
    public static Weekdays Of(params IEnumerable<Weekday> days) => new(days.Aggregate((byte)0, (set, day) => (byte)(set | Bit((int)day))));

    /// <summary>Whether this date falls on one of them.</summary>
    public bool Contains(LocalDate date) => (_days & Bit((int)date.DayOfWeek)) != 0;

    /// <summary>The days, Monday first.</summary>
    public IReadOnlyList<Weekday> ToList()
    {
        var days = _days;
        return [.. Enum.GetValues<Weekday>().Where(day => (days & Bit((int)day)) != 0)];
    }

    private static byte Bit(int day) => (byte)(1 << day);
}
