using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Reports;

/// <summary>Folds every tenant's log into its roll-ups, in the log's order.</summary>
internal sealed class ReportFolder(Database database, WorkSignal signal, WorkerHealth health, ILogger<ReportFolder> log)
    : WorkLoop(signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(500);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_to_fold()", null, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await RollupStore.FoldAsync(transaction);
            await transaction.CommitAsync();
        }
        return more;
    }
}
