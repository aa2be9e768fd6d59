using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Deliveries;

/// <summary>Reads the ledger. What changes it stands in <see cref="PlannedDeliveryStore"/> and in the stores of sending.</summary>
internal static class DeliveryStore
{
    /// <summary>
    /// The state of a delivery <c>d</c> as it is shown. Of those that haven't been marked the leases tell which are claimed;
    /// their ids are read once a statement.
    /// </summary>
    public const string ShownState = $"{Shown} WHERE l.tenant_id = @TenantId{OrAsStored}";

    /// <summary>The same for who sees every tenant.</summary>
    public const string ShownStateOfAnybody = $"{Shown}{OrAsStored}";

    private const string Shown = """
        (CASE WHEN d.state IN ('scheduled', 'deferred') AND d.not_before IS NULL
                   AND d.delivery_id IN (SELECT unnest(l.delivery_ids) FROM leases l
        """;

    private const string OrAsStored = ") THEN 'leased' ELSE d.state END)";

    /// <summary>How many of a campaign's deliveries are in each state.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountByStateAsync(TenantTransaction transaction, Guid campaignId) =>
        (await transaction.QueryAsync<(string State, long Count)>($"""
            SELECT {ShownState}, count(*) FROM deliveries d
            WHERE d.tenant_id = @TenantId AND d.campaign_id = @campaignId GROUP BY 1 ORDER BY 1
            """, new { transaction.TenantId, campaignId }))
        .ToDictionary(s => s.State, s => s.Count);

    /// <summary>The same for several campaigns at once; one without deliveries isn't in it.</summary>
    public static async Task<ILookup<Guid, (string State, long Count)>> CountByStateAsync(TenantTransaction transaction, Guid[] campaignIds) =>
        (await transaction.QueryAsync<(Guid CampaignId, string State, long Count)>($"""
            SELECT d.campaign_id, {ShownState}, count(*) FROM deliveries d
            WHERE d.tenant_id = @TenantId AND d.campaign_id = ANY (@campaignIds) GROUP BY 1, 2 ORDER BY 2
            """, new { transaction.TenantId, campaignIds }))
        .ToLookup(s => s.CampaignId, s => (s.State, s.Count));
}
