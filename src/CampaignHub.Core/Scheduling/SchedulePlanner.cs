using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>
/// From a schedule to each zone's instant. Zones are few (some hundreds), people many: the plan is made per zone, where
/// holidays count per zone and country, with the best hour of each per hour, and with a window per slot of them, and joined to the people in one statement.
/// </summary>
public static class SchedulePlanner
{
    /// <summary>Plans each place once, in the order of zone, countries, hour and slot.</summary>
    /// <param name="schedule">The rule.</param>
    /// <param name="places">IANA zones that the time zone database knows; repeated places count once.</param>
    /// <param name="holidays">The tenant's.</param>
    /// <param name="now">The moment of planning.</param>
    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">A zone is unknown: a bug, as zones are checked where they come in.</exception>
    public static IReadOnlyList<ZonePlan> Plan(
        Schedule schedule, IReadOnlyCollection<PlanPlace> places, HolidayCalendar holidays, Instant now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return
        [
            .. places.Distinct().GroupBy(p => p with { Slot = 0 })
                .OrderBy(g => g.Key.TimeZone, StringComparer.Ordinal).ThenBy(g => g.Key.HolidayCountry, StringComparer.Ordinal)
                .ThenBy(g => g.Key.UnsureCountry, StringComparer.Ordinal).ThenBy(g => g.Key.Hour).ThenBy(g => g.Key.Arm)
                .SelectMany(g => ZonePlanner.For(schedule, g.Key, holidays).Plan(now, g.Select(p => p.Slot).Order())),
        ];
    }

    /// <summary>
    /// Fixes the instants of a frozen plan: local times stay, their instants are computed again by today's zone data,
    /// and what has passed meanwhile is dealt with again. Doing it twice at one moment, or at the moment of
    /// planning, changes nothing (but that <c>now</c> gets its instant).
    /// </summary>
    /// <param name="frozen">What <see cref="Plan"/> gave, for this very schedule.</param>
    /// <param name="schedule">The rule that the plan was made for.</param>
    /// <param name="holidays">The tenant's.</param>
    /// <param name="now">The moment of launch; not before that of planning.</param>
    public static IReadOnlyList<ZonePlan> AtLaunch(
        IReadOnlyCollection<ZonePlan> frozen, Schedule schedule, HolidayCalendar holidays, Instant now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return
        [
            .. frozen.GroupBy(plan => plan.Place with { Slot = 0 })
                .SelectMany(g => ZonePlanner.For(schedule, g.Key, holidays).Launch(g.First(), now, g.Select(p => p.Slot))),
        ];
    }

    /// <summary>
    /// Looks again at zones of a launched campaign whose wave has not opened: by today's zone data, and by the rule for what
    /// has passed where their instant is behind by more than <see cref="OnTime"/>. What needs no change comes back as it was.
    /// </summary>
    /// <param name="launched">What <see cref="AtLaunch"/> gave, or this very method earlier.</param>
    /// <param name="schedule">The rule that the plan was made for.</param>
    /// <param name="holidays">The tenant's.</param>
    /// <param name="now">The moment of looking.</param>
    public static IReadOnlyList<ZonePlan> Again(
        IReadOnlyCollection<ZonePlan> launched, Schedule schedule, HolidayCalendar holidays, Instant now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return [.. launched.Select(plan => ZonePlanner.For(schedule, plan.Place with { Slot = 0 }, holidays).Again(plan, now))];
    }

    /// <summary>
    /// The moment of somebody whose zone has changed after launch: the same local time in the new zone, the same instant
    /// where the schedule names one. What has passed there follows the rule.
    /// </summary>
    /// <param name="launched">Their place until now.</param>
    /// <param name="place">Their place from now on.</param>
    /// <param name="schedule">The rule that the plan was made for.</param>
    /// <param name="holidays">The tenant's.</param>
    /// <param name="now">The moment of looking.</param>
    public static ZonePlan InAnotherZone(ZonePlan launched, PlanPlace place, Schedule schedule, HolidayCalendar holidays, Instant now)
    {
        ArgumentNullException.ThrowIfNull(launched);
        var local = launched.Local!.Value;
        if (schedule is NowSchedule or InstantSchedule)
            local = LocalTimes.Resolve(local, TimeZoneData.Zones[launched.TimeZone]).DueAt.InZone(TimeZoneData.Zones[place.TimeZone]).LocalDateTime;
        return ZonePlanner.For(schedule, place with { Slot = 0 }, holidays).From(launched with { Local = local }, now);
    }

    /// <summary>A wave that opens no later than this after its instant is on time: a service needs a moment to open it.</summary>
    public static Duration OnTime { get; } = Duration.FromMinutes(5);
}
