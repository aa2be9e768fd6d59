using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Platform.Http;

/// <summary>Forgets idempotency keys after their 24 hours (real time).</summary>
internal sealed class IdempotencyCleanup(
    Database.Database database, WorkSignal signal, WorkerHealth health, ILogger<IdempotencyCleanup> log) : CleanupLoop(database, signal, health, log)
{
    protected override Task<bool> ForgetAsync(CancellationToken ct) => ForgetByTenantAsync("tenants_with_old_idempotency_keys()", null, async transaction =>
    {
        await transaction.ExecuteAsync("""
            DELETE FROM idempotency_keys WHERE tenant_id = @TenantId AND created_at < clock_timestamp() - interval '24 hours'
            """, new { transaction.TenantId });
        return false;
    }, ct);
}
