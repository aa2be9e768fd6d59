using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tenancy;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Moves people of a launched campaign who no longer belong to their place of the plan, while their wave waits: their own zone has changed, or
/// their country has got holidays. One statement looks for them and one moves them, to a place of the plan that is there already or is made.
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
        var plan = (await PlanStore.FindAsync(transaction, campaignId))!;
        var since = (plan.ZonesFollowedAt ?? plan.ComputedAt!.Value) - Overlap;
        await MoveAsync(transaction, campaign, await LookAsync(transaction, campaign, since, now), PlanMoveReason.TimeZone, now);
        await PlanStore.NoteFollowedAsync(transaction, campaignId, now);
        await transaction.CommitAsync();
    }

    /// <summary>Brings a launched campaign to the holidays of today: people whose country has got some, then the places that are there.</summary>
    public static async Task FollowHolidaysAsync(Database database, Guid tenantId, Guid campaignId, Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (await CampaignStore.LockAsync(transaction, campaignId) is not { LaunchedAt: not null, FinishedAt: null } campaign)
            return;
        await PlanStore.NoteHolidaysFollowedAsync(transaction, campaignId);
        await MoveAsync(transaction, campaign, await LookAsync(transaction, campaign, since: null, now), PlanMoveReason.Holidays, now);
        await PlanMoves.MakeAsync(transaction, campaign, PlanMoveReason.Holidays, now);
        await transaction.CommitAsync();
    }

    /// <summary>All that would be moved at this moment by time zone data and holidays of today.</summary>
    public static async Task<IReadOnlyList<PlanMoveView>> PreviewAsync(TenantTransaction transaction, Campaign campaign, Instant now)
    {
        var look = await LookAsync(transaction, campaign, since: null, now);
        var leaving = look.Wanted.GroupBy(w => w.Who.ZoneNumber).ToDictionary(g => g.Key, g => g.Sum(w => w.Who.People));
        var staying = (await PlanMoves.FindAsync(transaction, campaign, now))
            .Select(move => move with { Before = move.Before with { Recipients = move.Before.Recipients - leaving.GetValueOrDefault(move.Before.ZoneNumber) } })
            .Where(move => move.Before.Recipients > 0);
        return PlanMoveView.Of([.. staying, .. look.Wanted.Select(w => look.MoveOf(w.Who.ZoneNumber, w.Zone, w.Who.People)).Where(IsSeen)]);
    }

    private static async Task<Look> LookAsync(TenantTransaction transaction, Campaign campaign, Instant? since, Instant now)
    {
        var schedule = campaign.Schedule!;
        var zones = await PlanStore.ListZonesAsync(transaction, campaign.CampaignId);
        var waiting = zones.Where(z => z.WaveStatus == "waiting").ToDictionary(z => z.ZoneNumber);
        var fallback = schedule.FallbackTimeZone ?? (await TenantStore.FindAsync(transaction, transaction.TenantId))!.TimeZone;
        var holidays = await HolidayStore.CalendarAsync(transaction, schedule);
        var split = PlanSplit.Of(schedule, holidays);
        var strayed = since is null && split.HolidayCountries.Length == 0
            ? []
            : await PlannedDeliveryStore.StrayedAsync(transaction, campaign.CampaignId, [.. waiting.Keys], fallback, split, since);
        return new Look(zones, waiting, fallback, split, since, [.. strayed.Select(who => (who, Moved(waiting[who.ZoneNumber], who, schedule, holidays, now)))]);
    }

    private static async Task MoveAsync(TenantTransaction transaction, Campaign campaign, Look look, PlanMoveReason reason, Instant now)
    {
        if (look.Wanted.Count == 0)
            return;
        var places = await PlanPlaces.NumbersAsync(transaction, campaign.CampaignId, look.Zones, [.. look.Wanted.Select(w => w.Zone).Distinct()]);
        var moved = await PlannedDeliveryStore.FollowAsync(
            transaction, campaign.CampaignId, [.. look.Wanted.Select(w => (w.Who, places[w.Zone]))], look.Fallback, look.Split, look.Since, now);
        await PlanStore.CountMovedAsync(transaction, campaign.CampaignId, moved);
        await WaveStore.RecountWaitingAsync(transaction, campaign.CampaignId);
        if (look.Wanted.Where(w => w.Zone.Outcome == ZoneOutcome.Missed).Select(w => places[w.Zone]).ToArray() is { Length: > 0 } missed)
            await PlannedDeliveryStore.MissAsync(transaction, campaign.CampaignId, missed, now);
        var zoneOf = places.ToDictionary(p => p.Value, p => p.Key);
        await PlanMoveStore.InsertAsync(
            transaction, campaign.CampaignId,
            PlanMoveView.Of([.. moved.Select(m => look.MoveOf(m.From, zoneOf[m.To], m.People)).Where(IsSeen)]), reason, now);
    }

    // Whoever comes to a place for their holidays, none of which is near, keeps zone and instant: nothing to tell.
    private static bool IsSeen(PlanMove move) => move.IsMissed || move.Before.DueAt != move.After.DueAt;

    private static ZonePlan Moved(PlanZone from, StrayedPeople who, Schedule schedule, HolidayCalendar holidays, Instant now) =>
        SchedulePlanner.InAnotherZone(from.ToZonePlan(), from.Place with { TimeZone = who.TimeZone, HolidayCountry = who.HolidayCountry, UnsureCountry = who.UnsureCountry }, schedule, holidays, now);

    /// <summary>Who belongs elsewhere, and what was read to find that out.</summary>
    private sealed record Look(
        IReadOnlyList<PlanZone> Zones, IReadOnlyDictionary<int, PlanZone> Waiting, string Fallback, PlanSplit Split, Instant? Since,
        IReadOnlyList<(StrayedPeople Who, ZonePlan Zone)> Wanted)
    {
        /// <summary>As it is told: <see cref="PlanMove.Before"/> shows the new zone, where it is another.</summary>
        public PlanMove MoveOf(int from, ZonePlan to, long people) => new(Waiting[from] with { TimeZone = to.TimeZone, Recipients = people }, to);
    }
}
