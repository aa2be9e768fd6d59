using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling;

/// <summary>Writes zones and waves together: each zone that sends points at the wave of its instant.</summary>
internal static class PlanWaves
{
    public static async Task<IReadOnlyList<PlanZone>> WriteAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<ZonePlan> plans)
    {
        var rows = await PlanStore.ListZonesAsync(transaction, campaignId);
        var people = rows.ToDictionary(z => z.Place, z => z.Recipients);
        var waveOf = await WaveStore.ReplaceAsync(transaction, campaignId, Waves.Group([.. plans]), people);
        var planOf = plans.ToDictionary(p => p.Place);
        var zones = rows
            .Select(row => row.With(planOf[row.Place]) with { WaveId = waveOf.TryGetValue(row.Place, out var wave) ? wave : null })
            .ToList();
        await PlanStore.UpdateZonesAsync(transaction, campaignId, zones);
        return zones;
    }
}
