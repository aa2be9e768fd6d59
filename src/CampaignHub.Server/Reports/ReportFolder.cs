using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Reports;

/// <summary>Folds every tenant's log into its roll-ups, in the log's order.</summary>
internal sealed class ReportFolder(Database database, WorkSignal signal, WorkerHealth health, ILogger<ReportFolder> log)
    : TenantLoop(database, "tenants_to_fold", signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(500);

    protected override Task<bool> WorkAsync(TenantTransaction transaction) => RollupStore.FoldAsync(transaction);
}
