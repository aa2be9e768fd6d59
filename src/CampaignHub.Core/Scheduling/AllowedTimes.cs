using System.Collections.Frozen;
using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>
/// When mail may arrive at a recipient: at some hours, on some days of their own week, and not on their holidays. All
/// three are read from the clock and the calendar of the recipient's zone at that very instant: where hours go over
/// midnight, the hours after it belong to the new day.
/// </summary>
public sealed record AllowedTimes
{
    /// <summary>Always.</summary>
    public static AllowedTimes Always { get; } = new();

    /// <summary>The allowed hours; null: all.</summary>
    public AllowedHours? Hours { get; init; }

    /// <summary>The allowed days, at least one; null: all, holidays too.</summary>
    public Weekdays? Days { get; init; }

    /// <summary>Dates that are not allowed whatever day of the week they are: finitely many, so that a day always follows.</summary>
    public IReadOnlySet<LocalDate> Holidays { get; init; } = FrozenSet<LocalDate>.Empty;

    /// <summary>The same where these dates are holidays; they count only where days are named.</summary>
    public AllowedTimes Without(IReadOnlySet<LocalDate> holidays) => Days is null ? this : this with { Holidays = holidays };

    /// <summary>Whether mail may arrive in this zone at this instant.</summary>
    public bool IsAllowed(Instant at, DateTimeZone zone)
    {
        var local = at.InZone(zone).LocalDateTime;
        return IsAllowed(local.Date) && Hours?.Contains(local.TimeOfDay) != false;
    }

    /// <summary>The earliest instant, at <paramref name="at"/> or after it, at which mail may arrive in this zone.</summary>
    public Instant NextAllowed(Instant at, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        // Between two changes of the clock, local time and instants run alike. A local time that is found beyond the
        // next change is not one: from there it is looked for again, by the clock as it stands then.
        while (true)
        {
            var clock = zone.GetZoneInterval(at);
            var allowed = FirstFrom(at.WithOffset(clock.WallOffset).LocalDateTime).WithOffset(clock.WallOffset).ToInstant();
            if (!clock.HasEnd || allowed < clock.End)
                return allowed;
            at = clock.End;
        }
    }

    /// <summary>Whether this is one of the allowed days.</summary>
    internal bool IsAllowed(LocalDate date) => Days?.Contains(date) != false && !Holidays.Contains(date);

    private LocalDateTime FirstFrom(LocalDateTime local)
    {
        // Day by day in a loop: holidays may take thousands of them.
        for (; ; local = local.Date.PlusDays(1).AtMidnight())
        {
            if (IsAllowed(local.Date) && FirstFrom(local.TimeOfDay) is { } time)
                return local.Date + time;
        }
    }

    private LocalTime? FirstFrom(LocalTime time) => Hours is { } hours ? hours.FirstFrom(time) : time;
}
