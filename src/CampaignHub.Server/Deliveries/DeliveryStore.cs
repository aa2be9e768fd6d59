using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Deliveries;

/// <summary>Reads the ledger. What changes it stands in <see cref="PlannedDeliveryStore"/> and in the stores of sending.</summary>
internal static class DeliveryStore
{
    /// <summary>How many of a campaign's deliveries are in each state.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountByStateAsync(TenantTransaction transaction, Guid campaignId) =>
        (await transaction.QueryAsync<(string State, long Count)>("""
            SELECT state, count(*) FROM deliveries WHERE tenant_id = @TenantId AND campaign_id = @campaignId GROUP BY state ORDER BY state
            """, new { transaction.TenantId, campaignId }))
        .ToDictionary(s => s.State, s => s.Count);

    /// <summary>The same for several campaigns at once; one without deliveries isn't in it.</summary>
    public static async Task<ILookup<Guid, (string State, long Count)>> CountByStateAsync(TenantTransaction transaction, Guid[] campaignIds) =>
        (await transaction.QueryAsync<(Guid CampaignId, string State, long Count)>("""
            SELECT campaign_id, state, count(*) FROM deliveries
            WHERE tenant_id = @TenantId AND campaign_id = ANY (@campaignIds) GROUP BY campaign_id, state ORDER BY state
            """, new { transaction.TenantId, campaignIds }))
        .ToLookup(s => s.CampaignId, s => (s.State, s.Count));
}
