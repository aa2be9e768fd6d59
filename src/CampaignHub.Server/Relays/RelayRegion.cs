using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Relays;

/// <summary>Judges a relay's region when it is written: one that holds no country would be without effect.</summary>
internal static class RelayRegion
{
    /// <summary>Why this region is refused, or null.</summary>
    public static async Task<Problem?> RefusalAsync(TenantTransaction transaction, string? region) =>
        region is null || (await RelayRegionStore.FindAsync(transaction)).Countries.ContainsKey(region) ? null
            : Problems.Invalid("region", "not_found", $"There is no region {region}: GET /v1/relay-regions shows those that there are, PUT adds one.");
}
