using CampaignHub.Core.Scheduling;
using NodaTime;

namespace CampaignHub.Core.Tests.Scheduling;

/// <summary>Plans whole zones, every slot of a window, by default without holidays.</summary>
internal static class Planning
{
    internal static IReadOnlyList<ZonePlan> Plan(Schedule schedule, IEnumerable<string> zones, Instant now, HolidayCalendar? holidays = null, string? country = null) =>
        SchedulePlanner.Plan(schedule, [.. from zone in zones from slot in Slots(schedule) select new PlanPlace(zone, country, slot)], holidays ?? HolidayCalendar.Empty, now);

    internal static IReadOnlyList<ZonePlan> AtLaunch(IReadOnlyCollection<ZonePlan> frozen, Schedule schedule, Instant now) =>
        SchedulePlanner.AtLaunch(frozen, schedule, HolidayCalendar.Empty, now);

    private static IEnumerable<int> Slots(Schedule schedule) => Enumerable.Range(0, schedule.Window?.Slots ?? 1);
}
