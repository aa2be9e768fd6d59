using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Storefronts.Syncs;

/// <summary>Writes and reads syncs; nothing else does.</summary>
internal static class StorefrontSyncStore
{
    public static Task<StorefrontSync?> FindAsync(TenantTransaction transaction, Guid storefrontId) => transaction.QueryFirstOrDefaultAsync<StorefrontSync>("""
        SELECT status, stage, next_page, customers, orders, faults, problem, attempts, started_at, finished_at FROM storefront_syncs
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId
        """, new { transaction.TenantId, storefrontId });

    /// <summary>Begins one; one that runs goes on.</summary>
    public static Task BeginAsync(TenantTransaction transaction, Guid storefrontId, Instant now) => transaction.ExecuteAsync("""
        INSERT INTO storefront_syncs AS s (tenant_id, storefront_id, status, stage, started_at) VALUES (@TenantId, @storefrontId, 'running', 'customers', @now)
        ON CONFLICT (tenant_id, storefront_id) DO UPDATE
        SET status = 'running', stage = 'customers', next_page = NULL, customers = 0, orders = 0, faults = 0, problem = NULL, attempts = 0,
            next_attempt_at = '-infinity', started_at = @now, finished_at = NULL
        WHERE s.status <> 'running'
        """, new { transaction.TenantId, storefrontId, now });

    /// <summary>Takes the turn to read a page for five minutes; false where it isn't due or another node was faster.</summary>
    public static async Task<bool> ClaimAsync(TenantTransaction transaction, Guid storefrontId) => await transaction.ExecuteAsync("""
        UPDATE storefront_syncs SET next_attempt_at = clock_timestamp() + interval '5 minutes'
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND status = 'running' AND next_attempt_at <= clock_timestamp()
        """, new { transaction.TenantId, storefrontId }) == 1;

    /// <summary>Moves on past a page; false where somebody else has moved it meanwhile.</summary>
    public static async Task<bool> MoveAsync(TenantTransaction transaction, Guid storefrontId, StorefrontSync before, StorefrontSync after, double waitSeconds) => await transaction.ExecuteAsync("""
        UPDATE storefront_syncs
        SET status = @Status, stage = @Stage, next_page = @NextPage, customers = @Customers, orders = @Orders, faults = @Faults, problem = @Problem,
            attempts = @Attempts, finished_at = @FinishedAt, next_attempt_at = clock_timestamp() + @waitSeconds * interval '1 second'
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND status = 'running' AND started_at = @StartedAt
          AND stage = @stageBefore AND next_page IS NOT DISTINCT FROM @pageBefore
        """, new
    {
        transaction.TenantId,
        storefrontId,
        after.Status,
        after.Stage,
        after.NextPage,
        after.Customers,
        after.Orders,
        after.Faults,
        after.Problem,
        after.Attempts,
        after.FinishedAt,
        before.StartedAt,
        stageBefore = before.Stage,
        pageBefore = before.NextPage,
        waitSeconds,
    }) == 1;
}
