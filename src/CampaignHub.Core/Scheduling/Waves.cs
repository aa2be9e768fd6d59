using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>Places whose people get a campaign at one instant.</summary>
/// <param name="DueAt">The instant; null for <c>now</c> before launch.</param>
/// <param name="Zones">At least one, in the order of the plan.</param>
public sealed record Wave(Instant? DueAt, IReadOnlyList<ZonePlan> Zones);

/// <summary>From zones to waves.</summary>
public static class Waves
{
    /// <summary>One wave for each distinct instant, the earliest first. Missed zones are in none.</summary>
    public static IReadOnlyList<Wave> Group(IReadOnlyCollection<ZonePlan> plan) =>
        [.. plan.Where(zone => zone.Outcome == ZoneOutcome.Send)
            .GroupBy(zone => zone.DueAt)
            .OrderBy(wave => wave.Key)
            .Select(wave => new Wave(wave.Key, [.. wave]))];
}
