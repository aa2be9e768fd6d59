using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>
/// From a schedule to each zone's instant. Zones are few (some hundreds), people many: the plan is made per zone and
/// joined to the people in one statement.
/// </summary>
public static class SchedulePlanner
{
    /// <summary>Plans each zone once, in the order of their ids.</summary>
    /// <param name="schedule">The rule.</param>
    /// <param name="zones">IANA zones that the time zone database knows; repeated ones count once.</param>
    /// <param name="now">The moment of planning.</param>
    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">A zone is unknown: a bug, as zones are checked where they come in.</exception>
    public static IReadOnlyList<ZonePlan> Plan(Schedule schedule, IReadOnlyCollection<string> zones, Instant now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return [.. zones.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(id => PlanZone(schedule, id, now))];
    }

    /// <summary>
    /// Fixes the instants of a frozen plan: local times stay, their instants are computed again by today's zone data,
    /// and what has passed meanwhile is dealt with again. Doing it twice at one moment, or at the moment of
    /// planning, changes nothing (but that <c>now</c> gets its instant).
    /// </summary>
    /// <param name="frozen">What <see cref="Plan"/> gave, for this very schedule.</param>
    /// <param name="schedule">The rule that the plan was made for.</param>
    /// <param name="now">The moment of launch; not before that of planning.</param>
    public static IReadOnlyList<ZonePlan> AtLaunch(IReadOnlyCollection<ZonePlan> frozen, Schedule schedule, Instant now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return [.. frozen.Select(plan => LaunchZone(plan, schedule, now))];
    }

    private static ZonePlan PlanZone(Schedule schedule, string zone, Instant now) =>
        Occurrences.Of(schedule, Zone(zone)) is { } occurrences
            ? Settle(zone, occurrences.First(now), occurrences, now)
            : new ZonePlan(zone, Local: null, DueAt: null, Adjustment.None);

    private static ZonePlan LaunchZone(ZonePlan plan, Schedule schedule, Instant now)
    {
        var zone = Zone(plan.TimeZone);
        if (Occurrences.Of(schedule, zone) is not { } occurrences)
            return plan with { Local = now.InZone(zone).LocalDateTime, DueAt = now };

        var local = plan.Local ?? throw new ArgumentException($"The plan froze no local time for {plan.TimeZone}.", nameof(plan));
        var settled = Settle(plan.TimeZone, occurrences.Frozen(local), occurrences, now);

        // Once moved to a later day, the reason stays visible.
        return plan.Adjustment == Adjustment.Passed ? settled with { Adjustment = Adjustment.Passed } : settled;
    }

    private static ZonePlan Settle(string zone, Occurrence wanted, Occurrences occurrences, Instant now)
    {
        var rule = occurrences.PassedRule;
        if (wanted.DueAt >= now)
            return new ZonePlan(zone, wanted.Local, wanted.DueAt, wanted.Adjustment);
        if (rule.SendsAtOnce(now - wanted.DueAt))
            return new ZonePlan(zone, wanted.Local, now, Adjustment.Passed);
        if (rule.WhenPassed == WhenPassed.Skip)
            return new ZonePlan(zone, wanted.Local, wanted.DueAt, Adjustment.Passed, ZoneOutcome.Missed);
        var next = occurrences.After(wanted, now);
        return new ZonePlan(zone, next.Local, next.DueAt, Adjustment.Passed);
    }

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];
}
