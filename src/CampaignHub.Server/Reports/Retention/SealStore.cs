using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports.Retention;

/// <summary>Writes and reads from when on a tenant's events are whole; nothing else does.</summary>
internal static class SealStore
{
    /// <summary>Everything that was received before this instant may be gone; null: nothing is.</summary>
    public static Task<Instant?> FindAsync(TenantTransaction transaction) => transaction.QueryFirstOrDefaultAsync<Instant?>(
        "SELECT sealed_before FROM report_seals WHERE tenant_id = @TenantId", new { transaction.TenantId });

    /// <summary>The same where the campaign has events from before it; null where it can be recounted.</summary>
    public static Task<Instant?> OfCampaignAsync(TenantTransaction transaction, Guid campaignId) => transaction.QueryFirstOrDefaultAsync<Instant?>("""
        SELECT s.sealed_before FROM report_seals s
        WHERE s.tenant_id = @TenantId AND EXISTS (
            SELECT FROM campaigns c WHERE c.tenant_id = @TenantId AND c.campaign_id = @campaignId AND c.launched_at < s.sealed_before)
        """, new { transaction.TenantId, campaignId });

    /// <summary>Campaigns that can't be recounted any more.</summary>
    public static Task<IReadOnlyList<Guid>> SealedAsync(TenantTransaction transaction) => transaction.QueryAsync<Guid>("""
        SELECT c.campaign_id FROM campaigns c JOIN report_seals s ON s.tenant_id = c.tenant_id
        WHERE c.tenant_id = @TenantId AND c.launched_at < s.sealed_before
        """, new { transaction.TenantId });

    /// <summary>Whether everything that was received before it is judged, folded and learned from. Nothing else may go.</summary>
    public static Task<bool> IsFoldedAsync(TenantTransaction transaction, Instant before) => transaction.QuerySingleAsync<bool>("""
        SELECT NOT EXISTS (SELECT FROM hits WHERE tenant_id = @TenantId AND class IS NULL AND received_at < @before)
           AND NOT EXISTS (SELECT FROM events WHERE tenant_id = @TenantId AND sequence IS NULL AND received_at < @before)
           AND NOT EXISTS (
               SELECT FROM events WHERE tenant_id = @TenantId AND received_at < @before AND sequence > least(
                   coalesce((SELECT folded_through FROM report_cursors WHERE tenant_id = @TenantId), 0),
                   coalesce((SELECT folded_through FROM reading_cursors WHERE tenant_id = @TenantId), 0)))
        """, new { transaction.TenantId, before });

    /// <summary>Notes it. Who is judging hits again has seen no seal, and looks for what was first in events that would go meanwhile: they are waited for.</summary>
    public static async Task SealAsync(TenantTransaction transaction, Instant before)
    {
        await RollupStore.LockAsync(transaction);
        await transaction.ExecuteAsync("""
            INSERT INTO report_seals AS s (tenant_id, sealed_before) VALUES (@TenantId, @before)
            ON CONFLICT (tenant_id) DO UPDATE SET sealed_before = greatest(s.sealed_before, excluded.sealed_before)
            """, new { transaction.TenantId, before });
    }
}
