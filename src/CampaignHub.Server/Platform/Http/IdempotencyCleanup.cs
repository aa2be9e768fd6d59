using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Platform.Http;

/// <summary>Forgets idempotency keys after their 24 hours (real time).</summary>
internal sealed class IdempotencyCleanup(
    Database.Database database, WorkSignal signal, WorkerHealth health, ILogger<IdempotencyCleanup> log) : CleanupLoop(signal, health, log)
{
    protected override async Task<bool> ForgetAsync(CancellationToken ct)
    {
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_old_idempotency_keys()", null, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            await transaction.ExecuteAsync("""
                DELETE FROM idempotency_keys WHERE tenant_id = @TenantId AND created_at < clock_timestamp() - interval '24 hours'
                """, new { transaction.TenantId });
            await transaction.CommitAsync();
        }
        return false;
    }
}
