using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Tracking;

/// <summary>Forgets which networks hits came from: after some minutes, or the days for which the tenant keeps them.</summary>
internal sealed class HitNetworkCleanup(Database database, WorkSignal signal, WorkerHealth health, ILogger<HitNetworkCleanup> log)
    : CleanupLoop(database, signal, health, log)
{
    private const int Batch = 10_000;

    protected override Task<bool> ForgetAsync(CancellationToken ct) =>
        ForgetByTenantAsync("tenants_with_old_networks()", null, transaction => HitNetworkStore.ForgetOldAsync(transaction, Batch), ct);
}
