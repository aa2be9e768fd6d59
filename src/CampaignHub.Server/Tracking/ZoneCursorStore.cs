using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>Writes and reads until where in the log zones have been learned; nothing else does.</summary>
internal static class ZoneCursorStore
{
    /// <summary>True if this transaction is now the only one that learns this tenant's zones.</summary>
    public static Task<bool> TryLockAsync(TenantTransaction transaction) => transaction.TryTakeTurnAsync($"zones {transaction.TenantId}");

    /// <summary>The number of the last event that was looked at; 0 before any was.</summary>
    public static async Task<long> FindAsync(TenantTransaction transaction) =>
        await transaction.QueryFirstOrDefaultAsync<long?>(
            "SELECT learned_through FROM zone_cursors WHERE tenant_id = @TenantId", new { transaction.TenantId }) ?? 0;

    /// <param name="transaction">Holds the lock.</param>
    /// <param name="through">The number of the last event that was looked at.</param>
    /// <param name="endedAt">Where that was the log's end, now: the next day begins; null where there is more.</param>
    public static Task MoveAsync(TenantTransaction transaction, long through, Instant? endedAt) => transaction.ExecuteAsync("""
        INSERT INTO zone_cursors (tenant_id, learned_through, learned_at) VALUES (@TenantId, @through, @endedAt)
        ON CONFLICT (tenant_id) DO UPDATE SET learned_through = excluded.learned_through, learned_at = coalesce(excluded.learned_at, zone_cursors.learned_at)
        """, new { transaction.TenantId, through, endedAt });
}
