using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Events;

/// <summary>Numbers committed events of every tenant; see <see cref="EventLog"/>.</summary>
internal sealed class Sequencer(Database database, WorkSignal signal, WorkerHealth health, ILogger<Sequencer> log)
    : WorkLoop(signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(250);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_unsequenced_events()", null, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await EventLog.SequenceAsync(transaction);
            await transaction.CommitAsync();
        }
        return more;
    }
}
