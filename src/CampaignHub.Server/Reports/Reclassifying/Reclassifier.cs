using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>Judges hits again wherever that has been asked for.</summary>
internal sealed class Reclassifier(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<Reclassifier> log)
    : TenantLoop(database, "tenants_to_reclassify", signal, health, log)
{
    protected override WorkKind Heeds => WorkKind.Reclassifications;

    protected override async Task<bool> WorkAsync(TenantTransaction transaction) =>
        await RollupStore.TryLockAsync(transaction) && await Rejudging.WorkAsync(transaction, clock.GetCurrentInstant());
}
