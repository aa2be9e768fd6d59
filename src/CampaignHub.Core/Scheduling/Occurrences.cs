using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>One moment that a rule asks for in a zone: what the clock shows, and when that is.</summary>
internal readonly record struct Occurrence(LocalDateTime Local, Instant DueAt, Adjustment Adjustment);

/// <summary>The moments that a rule asks for in one zone: one a day, of which the first ahead is wanted.</summary>
internal abstract class Occurrences(PassedRule passedRule)
{
    /// <summary>What happens to one that has passed.</summary>
    internal PassedRule PassedRule { get; } = passedRule;

    /// <summary>Those of the schedule in this zone; null for <c>now</c>, which asks for no moment of its own.</summary>
    internal static Occurrences? Of(Schedule schedule, PlanPlace place, DateTimeZone zone) => schedule switch
    {
        InstantSchedule instant => new InstantOccurrences(instant, zone),
        LocalTimeSchedule localTime => new LocalTimeOccurrences(localTime.Date, localTime.Time, localTime.Passed, zone),
        BestTimeSchedule best => new LocalTimeOccurrences(best.Date, new LocalTime(place.Hour ?? best.Hours.FixedHour, 0), best.Passed, zone),
        _ => null,
    };

    /// <summary>The one that the schedule names.</summary>
    internal abstract Occurrence First(Instant now);

    /// <summary>The one that an earlier plan froze, by today's time zone data.</summary>
    internal abstract Occurrence Frozen(LocalDateTime local);

    /// <summary>The first one of a later day than <paramref name="passed"/> that lies strictly after now.</summary>
    internal abstract Occurrence After(Occurrence passed, Instant now);
}

/// <summary>The same clock reading each day, by the zone's own clock.</summary>
internal sealed class LocalTimeOccurrences(LocalDate? wanted, LocalTime time, PassedRule passedRule, DateTimeZone zone) : Occurrences(passedRule)
{
    internal override Occurrence First(Instant now) =>
        wanted is { } date ? Frozen(date + time) : FirstFrom(Yesterday(now), now);

    internal override Occurrence Frozen(LocalDateTime local)
    {
        var (dueAt, adjustment) = LocalTimes.Resolve(local, zone);
        return new Occurrence(local, dueAt, adjustment);
    }

    internal override Occurrence After(Occurrence passed, Instant now) =>
        FirstFrom(LocalDate.Max(passed.Local.Date.PlusDays(1), Yesterday(now)), now);

    // Ends within four days: nowhere has a clock skipped more than one.
    private Occurrence FirstFrom(LocalDate date, Instant now)
    {
        var occurrence = Frozen(date + time);
        return occurrence.DueAt > now ? occurrence : FirstFrom(date.PlusDays(1), now);
    }

    // Not today: what a gap over midnight shifts forward belongs to yesterday and may still be ahead.
    private LocalDate Yesterday(Instant now) => now.InZone(zone).Date.PlusDays(-1);
}

/// <summary>One instant, and every 24 hours after it, whatever the clocks do.</summary>
internal sealed class InstantOccurrences(InstantSchedule schedule, DateTimeZone zone) : Occurrences(schedule.Passed)
{
    internal override Occurrence First(Instant now) => Plus(days: 0);

    // Only the local time is frozen, which an overlap or new zone data may leave hours off: the nearest one is meant.
    internal override Occurrence Frozen(LocalDateTime local)
    {
        var sinceFirst = LocalTimes.Resolve(local, zone).DueAt - schedule.At;
        return Plus((int)Math.Round(sinceFirst / Duration.FromDays(1)));
    }

    internal override Occurrence After(Occurrence passed, Instant now) => Plus((now - schedule.At).Days + 1);

    private Occurrence Plus(int days)
    {
        var dueAt = schedule.At + Duration.FromDays(days);
        return new Occurrence(dueAt.InZone(zone).LocalDateTime, dueAt, Adjustment.None);
    }
}
