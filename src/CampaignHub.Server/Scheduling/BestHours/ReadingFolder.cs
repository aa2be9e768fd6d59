using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Scheduling.BestHours;

/// <summary>Learns from every tenant's log when people read.</summary>
internal sealed class ReadingFolder(Database database, WorkSignal signal, WorkerHealth health, ILogger<ReadingFolder> log)
    : TenantLoop(database, "tenants_to_learn_from", signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromSeconds(2);

    protected override Task<bool> WorkAsync(TenantTransaction transaction) => ReadingHabitStore.FoldAsync(transaction);
}
