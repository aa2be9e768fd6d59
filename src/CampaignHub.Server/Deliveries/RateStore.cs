using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Deliveries;

/// <summary>
/// Holds campaigns to their rate over all nodes: a generic cell rate algorithm (ITU-T I.371) on real time. Each message
/// moves the campaign's next free moment on by its share of an hour, and what was left unused counts for ten seconds.
/// </summary>
internal static class RateStore
{
    private const int UnusedForSeconds = 10;

    /// <summary>Takes as many of the wanted messages as may be claimed now. Others who ask wait for this one's commit.</summary>
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="perHour">Its rate.</param>
    /// <param name="wanted">At most so many.</param>
    public static async Task<int> TakeAsync(TenantTransaction transaction, Guid campaignId, int perHour, int wanted)
    {
        await transaction.ExecuteAsync("""
            INSERT INTO campaign_rates (tenant_id, campaign_id, free_at) VALUES (@TenantId, @campaignId, '-infinity') ON CONFLICT DO NOTHING
            """, new { transaction.TenantId, campaignId });
        return await transaction.QuerySingleAsync<int>("""
            WITH share AS (
                SELECT 3600.0 / @perHour AS seconds
            ), unused AS (
                SELECT greatest(free_at, clock_timestamp() - make_interval(secs => greatest(@unusedFor, share.seconds)::float8)) AS since
                FROM campaign_rates, share WHERE tenant_id = @TenantId AND campaign_id = @campaignId FOR UPDATE OF campaign_rates
            ), granted AS (
                SELECT greatest(0, least(@wanted, floor(extract(epoch FROM clock_timestamp() - since) / seconds)))::int AS messages FROM unused, share
            )
            UPDATE campaign_rates SET free_at = since + make_interval(secs => (messages * seconds)::float8)
            FROM unused, share, granted WHERE tenant_id = @TenantId AND campaign_id = @campaignId
            RETURNING messages
            """, new { transaction.TenantId, campaignId, perHour, wanted, unusedFor = UnusedForSeconds });
    }

    /// <summary>Gives back what was taken and not sent.</summary>
    public static Task GiveBackAsync(TenantTransaction transaction, Guid campaignId, int perHour, int unused) =>
        unused == 0 ? Task.CompletedTask : transaction.ExecuteAsync("""
            UPDATE campaign_rates SET free_at = free_at - make_interval(secs => 3600.0::float8 * @unused / @perHour)
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId
            """, new { transaction.TenantId, campaignId, perHour, unused });
}
