using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling;

/// <summary>Finds places in the plan of a launched campaign for people who come to them, and makes those that aren't there.</summary>
internal static class PlanPlaces
{
    /// <summary>The number of each of these in the plan: of one that waits already with the same instant, or of a new one.</summary>
    public static async Task<Dictionary<ZonePlan, int>> NumbersAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<PlanZone> zones, IReadOnlyList<ZonePlan> wanted)
    {
        var places = zones.Where(z => z.WaveStatus == "waiting").Select(z => (Plan: z.ToZonePlan(), z.ZoneNumber))
            .GroupBy(z => z.Plan).ToDictionary(g => g.Key, g => g.First().ZoneNumber);
        var missing = wanted.Where(zone => !places.ContainsKey(zone)).ToList();
        if (missing.Count == 0)
            return places;
        var first = zones.Max(z => z.ZoneNumber) + 1;
        await PlanStore.InsertZonesAsync(transaction, campaignId, zones[0].Rule, missing, new Dictionary<PlanPlace, long>(), first);
        var waves = await WaveStore.WaitingAsync(
            transaction, campaignId, [.. missing.Where(z => z.Outcome == ZoneOutcome.Send).Select(z => z.DueAt!.Value).Distinct()]);
        var rows = missing.Select((zone, i) => new PlanZone { ZoneNumber = first + i }.With(zone) with
        {
            WaveId = zone.Outcome == ZoneOutcome.Send ? waves[zone.DueAt!.Value] : null,
        }).ToList();
        await PlanStore.UpdateZonesAsync(transaction, campaignId, rows);
        for (var i = 0; i < missing.Count; i++)
            places[missing[i]] = first + i;
        return places;
    }
}
