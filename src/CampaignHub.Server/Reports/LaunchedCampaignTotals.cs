using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>The counters of launched campaigns in all, the last launched first.</summary>
internal static class LaunchedCampaignTotals
{
    /// <summary>The last hundred but for this.</summary>
    public static Task<IReadOnlyList<Rollup>> LastAsync(TenantTransaction transaction, Guid except) => transaction.QueryAsync<Rollup>($"""
        SELECT r.* FROM (
            SELECT campaign_id FROM campaigns
            WHERE tenant_id = @TenantId AND launched_at IS NOT NULL AND campaign_id <> @except
            ORDER BY launched_at DESC LIMIT 100) AS last
        CROSS JOIN LATERAL (
            SELECT {Rollup.Columns} FROM rollups
            WHERE tenant_id = @TenantId AND campaign_id = last.campaign_id AND dimension = 'total' LIMIT 1) AS r
        """, new { transaction.TenantId, except });

    /// <summary>Those launched from one instant up to another; 200 at the most. Of one without any event the counters are 0.</summary>
    public static Task<IReadOnlyList<LaunchedTotal>> BetweenAsync(TenantTransaction transaction, Instant from, Instant to) =>
        transaction.QueryAsync<LaunchedTotal, Rollup, LaunchedTotal>($"""
            SELECT c.campaign_id, c.name, c.launched_at, r.*
            FROM (
                SELECT campaign_id, name, launched_at FROM campaigns
                WHERE tenant_id = @TenantId AND launched_at >= @from AND launched_at < @to
                ORDER BY launched_at DESC, campaign_id LIMIT 200) AS c
            LEFT JOIN LATERAL (
                SELECT {Rollup.Columns.Replace("campaign_id,", "", StringComparison.Ordinal)} FROM rollups
                WHERE tenant_id = @TenantId AND campaign_id = c.campaign_id AND dimension = 'total' LIMIT 1) AS r ON true
            ORDER BY c.launched_at DESC, c.campaign_id
            """, (campaign, counters) => campaign with { Counters = counters ?? new Rollup() }, "dimension", new { transaction.TenantId, from, to });
}

/// <summary>A launched campaign with its counters.</summary>
internal sealed record LaunchedTotal
{
    public Guid CampaignId { get; init; }
    public string Name { get; init; } = "";
    public Instant LaunchedAt { get; init; }
    public Rollup Counters { get; init; } = new();
}
