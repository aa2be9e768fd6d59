using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Tracking;

/// <summary>Forgets which networks hits came from: after some minutes, or the days for which the tenant keeps them.</summary>
internal sealed class HitNetworkCleanup(Database database, WorkSignal signal, WorkerHealth health, ILogger<HitNetworkCleanup> log)
    : CleanupLoop(signal, health, log)
{
    private const int Batch = 10_000;

    protected override async Task<bool> ForgetAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_old_networks()", null, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await HitNetworkStore.ForgetOldAsync(transaction, Batch);
            await transaction.CommitAsync();
        }
        return more;
    }
}
