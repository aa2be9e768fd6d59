using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tenancy;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Moves people of a launched campaign whose own zone has changed, while their wave waits: one statement looks for them and
/// one moves them, to a place of the plan that is there already or is made.
/// </summary>
internal static class PeopleMoves
{
    // Of a change and this pass beside each other, the change may be written with the earlier instant and seen later.
    private static readonly Duration Overlap = Duration.FromMinutes(1);

    public static async Task FollowAsync(Database database, Guid tenantId, Guid campaignId, Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (await CampaignStore.LockAsync(transaction, campaignId) is not { LaunchedAt: not null, FinishedAt: null } campaign)
            return;
        await FollowAsync(transaction, campaign, now);
        await PlanStore.NoteFollowedAsync(transaction, campaignId, now);
        await transaction.CommitAsync();
    }

    private static async Task FollowAsync(TenantTransaction transaction, Campaign campaign, Instant now)
    {
        var schedule = campaign.Schedule!;
        var zones = await PlanStore.ListZonesAsync(transaction, campaign.CampaignId);
        var waiting = zones.Where(z => z.WaveStatus == "waiting").ToDictionary(z => z.ZoneNumber);
        var plan = (await PlanStore.FindAsync(transaction, campaign.CampaignId))!;
        var since = (plan.ZonesFollowedAt ?? plan.ComputedAt!.Value) - Overlap;
        var fallback = schedule.FallbackTimeZone ?? (await TenantStore.FindAsync(transaction, transaction.TenantId))!.TimeZone;
        var holidays = await HolidayStore.CalendarAsync(transaction, schedule);
        var split = PlanSplit.Of(schedule, holidays);
        var strayed = await PlannedDeliveryStore.StrayedAsync(transaction, campaign.CampaignId, [.. waiting.Keys], fallback, split, since);
        if (strayed.Count == 0)
            return;
        var wanted = strayed.Select(who => (Who: who, Zone: Moved(waiting[who.ZoneNumber], who, schedule, holidays, now))).ToList();
        var places = await PlanPlaces.NumbersAsync(transaction, campaign.CampaignId, zones, [.. wanted.Select(w => w.Zone).Distinct()]);
        var moved = await PlannedDeliveryStore.FollowAsync(
            transaction, campaign.CampaignId, [.. wanted.Select(w => (w.Who, places[w.Zone]))], fallback, split, since, now);
        await PlanStore.CountMovedAsync(transaction, campaign.CampaignId, moved);
        await WaveStore.RecountWaitingAsync(transaction, campaign.CampaignId);
        if (wanted.Where(w => w.Zone.Outcome == ZoneOutcome.Missed).Select(w => places[w.Zone]).ToArray() is { Length: > 0 } missed)
            await PlannedDeliveryStore.MissAsync(transaction, campaign.CampaignId, missed, now);
        var zoneOf = places.ToDictionary(p => p.Value, p => p.Key);
        await PlanMoveStore.InsertAsync(
            transaction, campaign.CampaignId,
            PlanMoveView.Of([.. moved.Select(m => new PlanMove(waiting[m.From] with { TimeZone = zoneOf[m.To].TimeZone, Recipients = m.People }, zoneOf[m.To]))]),
            PlanMoveReason.TimeZone, now);
    }

    private static ZonePlan Moved(PlanZone from, StrayedPeople who, Schedule schedule, HolidayCalendar holidays, Instant now) =>
        SchedulePlanner.InAnotherZone(from.ToZonePlan(), from.Place with { TimeZone = who.TimeZone, HolidayCountry = who.HolidayCountry, UnsureCountry = who.UnsureCountry }, schedule, holidays, now);
}
