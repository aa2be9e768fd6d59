using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Events;

/// <summary>Numbers committed events of every tenant; see <see cref="EventLog"/>.</summary>
internal sealed class Sequencer(Database database, WorkSignal signal, WorkerHealth health, ILogger<Sequencer> log)
    : TenantLoop(database, "tenants_with_unsequenced_events", signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(250);

    protected override int AtOnce => 4;

    protected override WorkKind? Wakes => WorkKind.NumberedEvents;

    // The same few statements for each tenant, each over every month of the log.
    protected override Task<TenantTransaction> BeginAsync(Guid tenantId, CancellationToken ct) => Database.BeginPreparedAsync(tenantId, ct);

    protected override Task<bool> WorkAsync(TenantTransaction transaction) => EventLog.SequenceAsync(transaction);
}
