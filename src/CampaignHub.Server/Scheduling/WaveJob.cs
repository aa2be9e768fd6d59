using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using Hangfire;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Opens a wave at its instant; long after it, the schedule's rule for what has passed is applied to it first. What is in the wave stands in the ledger; the job carries ids and may run twice, early
/// (business time decides) or never (the sweeper opens what is due).
/// </summary>
public sealed class WaveJob(Database database, WorkSignal signal, IClock clock)
{
    [JobDisplayName("Open wave {1}")]
    public async Task OpenAsync(Guid tenantId, Guid waveId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var now = clock.GetCurrentInstant();
        if (await WaveStore.FindAsync(transaction, waveId) is not { Status: "waiting" } wave || wave.DueAt is not { } dueAt || dueAt > now)
            return;
        if (await CampaignStore.LockAsync(transaction, wave.CampaignId) is not { LaunchedAt: not null } campaign
            || CampaignLifecycle.Next(campaign.Status, CampaignAction.Start) is not Transition.To)
            return;
        await PeopleJoining.JoinAsync(transaction, campaign, now);
        // What the rule leaves for this moment becomes a wave that is due now: the sweeper finds it.
        if (now - dueAt > SchedulePlanner.OnTime && await PlanMoves.MakeAsync(transaction, campaign, PlanMoveReason.Late, now, waveId))
        {
            await CampaignStore.FinishAsync(transaction, wave.CampaignId, now); // Where everybody was skipped.
            await transaction.CommitAsync();
            signal.Wake(WorkKind.Deliveries);
            return;
        }
        if (await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Start, now) is not Transition.To
            || !await WaveStore.OpenAsync(transaction, waveId))
            return;
        await transaction.CommitAsync();
        signal.Wake(WorkKind.Deliveries);
    }
}
