using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Why people of a launched campaign are moved to another instant.</summary>
internal enum PlanMoveReason
{
    /// <summary>Nothing could be sent at their instant: the service was down, or the campaign paused.</summary>
    Late,

    /// <summary>The time zone database has changed.</summary>
    TimeZoneData,

    /// <summary>Their own zone has changed.</summary>
    TimeZone,

    /// <summary>The holidays of their country have changed.</summary>
    Holidays,
}

/// <summary>A zone of a launched campaign, as it is and as it should be.</summary>
internal sealed record PlanMove(PlanZone Before, ZonePlan After)
{
    public bool IsMissed => After.Outcome == ZoneOutcome.Missed;
}

/// <summary>
/// Moves zones of a launched campaign whose wave still waits: nothing of them has been claimed. A few hundred rows, and
/// their deliveries come along; nobody gets a second one, since a delivery is only ever moved.
/// </summary>
internal static class PlanMoves
{
    /// <summary>What would be moved at this moment; of one wave where it is named.</summary>
    public static async Task<IReadOnlyList<PlanMove>> FindAsync(TenantTransaction transaction, Campaign campaign, Instant now, Guid? waveId = null)
    {
        var schedule = campaign.Schedule!;
        var waiting = (await PlanStore.ListZonesAsync(transaction, campaign.CampaignId))
            .Where(z => z.WaveStatus == "waiting" && (waveId is null || z.WaveId == waveId)).ToList();
        var holidays = await HolidayStore.CalendarAsync(transaction, schedule);
        var looked = SchedulePlanner.Again([.. waiting.Select(z => z.ToZonePlan())], schedule, holidays, now);
        return [.. waiting.Zip(looked, (before, after) => new PlanMove(before, after)).Where(move => move.After != move.Before.ToZonePlan())];
    }

    /// <summary>Makes these moves and notes each; false where there are none. The campaign is locked by the caller.</summary>
    public static async Task<bool> MakeAsync(TenantTransaction transaction, Campaign campaign, PlanMoveReason reason, Instant now, Guid? waveId = null)
    {
        var moves = await FindAsync(transaction, campaign, now, waveId);
        if (moves.Count == 0)
            return false;
        var dues = moves.Where(m => !m.IsMissed).Select(m => m.After.DueAt!.Value).Distinct().ToList();
        var waves = await WaveStore.WaitingAsync(transaction, campaign.CampaignId, dues);
        await PlanStore.UpdateZonesAsync(transaction, campaign.CampaignId,
            [.. moves.Select(m => m.Before.With(m.After) with { WaveId = m.IsMissed ? null : waves[m.After.DueAt!.Value] })]);
        await WaveStore.RecountWaitingAsync(transaction, campaign.CampaignId);
        if (moves.Where(m => m.IsMissed).Select(m => m.Before.ZoneNumber).ToArray() is { Length: > 0 } missed)
            await PlannedDeliveryStore.MissAsync(transaction, campaign.CampaignId, missed, now);
        await PlanMoveStore.InsertAsync(transaction, campaign.CampaignId, PlanMoveView.Of(moves), reason, now);
        return true;
    }

    /// <summary>Brings a launched campaign to this node's edition of the time zone database.</summary>
    public static async Task FollowZoneDataAsync(Database database, Guid tenantId, Guid campaignId, Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (await CampaignStore.LockAsync(transaction, campaignId) is not { LaunchedAt: not null, FinishedAt: null } campaign)
            return;
        await MakeAsync(transaction, campaign, PlanMoveReason.TimeZoneData, now);
        await PlanStore.NoteZoneDataAsync(transaction, campaignId);
        await transaction.CommitAsync();
    }
}
