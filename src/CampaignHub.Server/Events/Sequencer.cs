using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Events;

/// <summary>Numbers committed events of every tenant; see <see cref="EventLog"/>.</summary>
internal sealed class Sequencer(Database database, WorkSignal signal, WorkerHealth health, ILogger<Sequencer> log)
    : TenantLoop(database, "tenants_with_unsequenced_events", signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(250);

    protected override Task<bool> WorkAsync(TenantTransaction transaction) => EventLog.SequenceAsync(transaction);
}
