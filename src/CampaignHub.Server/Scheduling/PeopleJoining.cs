using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling.BestHours;
using CampaignHub.Server.Tenancy;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Plans people who have entered the audience of a launched campaign that is open to them (<c>audience.joining</c>
/// <c>until_passed</c>): by the rule and from the moment of the plan that there is, as long as their own instant is ahead. The
/// audience closes by itself when the last instant passes, and until then a wave waits, so the campaign can't finish.
/// </summary>
internal static class PeopleJoining
{
    // Of a change and this pass beside each other, the change may be written with the earlier instant and seen later.
    private static readonly Duration Overlap = Duration.FromMinutes(1);

    public static async Task JoinAsync(Database database, Guid tenantId, Guid campaignId, Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        // Most campaigns are frozen: those are let be without a lock.
        if (await CampaignStore.FindAsync(transaction, campaignId) is not { Audience.IsOpen: true }
            || await CampaignStore.LockAsync(transaction, campaignId) is not { LaunchedAt: not null, FinishedAt: null } campaign)
            return;
        await JoinAsync(transaction, campaign, now);
        await transaction.CommitAsync();
    }

    /// <summary>The same for a campaign that the caller has locked. Before a wave opens it is the last call for its people.</summary>
    public static async Task JoinAsync(TenantTransaction transaction, Campaign campaign, Instant now)
    {
        if (!campaign.Audience.IsOpen)
            return;
        var zones = await PlanStore.ListZonesAsync(transaction, campaign.CampaignId);
        if (zones.Any(z => z.WaveStatus == "waiting"))
        {
            var (schedule, plan) = (campaign.Schedule!, (await PlanStore.FindAsync(transaction, campaign.CampaignId))!);
            var holidays = await HolidayStore.CalendarAsync(transaction, schedule);
            var fallback = schedule.FallbackTimeZone ?? (await TenantStore.FindAsync(transaction, transaction.TenantId))!.TimeZone;
            await AudienceSnapshot.TakeNewcomersAsync(
                transaction, campaign.Audience, fallback, PlanSplit.Of(schedule, holidays), campaign.CampaignId,
                (plan.JoinedThrough ?? plan.ComputedAt!.Value) - Overlap, now);
            await ChosenHours.ChooseAsync(transaction, campaign, Plans, now);
            if (await PlanPeople.CountAsync(transaction) is { Count: > 0 } people)
            {
                await PlanAsync(transaction, campaign.CampaignId, zones, people, Plans, now);
                // As at the end of a plan: whoever is deleted at this moment leaves no address behind.
                await PersonRemovalStore.RemoveDeletedAsync(transaction, now);
            }
            await transaction.ExecuteAsync("DROP TABLE campaign_audience, campaign_hours");

            // What the plan would have made of these places. Where that isn't ahead any more, nobody joins: it is missed.
            IReadOnlyList<ZonePlan> Plans(IReadOnlyCollection<PlanPlace> places)
            {
                var planned = SchedulePlanner.Plan(schedule, places, holidays, plan.ComputedAt!.Value);
                return [.. SchedulePlanner.AtLaunch(planned, schedule, holidays, campaign.LaunchedAt!.Value)
                    .Select(place => place.DueAt > now ? place : place with { Outcome = ZoneOutcome.Missed })];
            }
        }
        await PlanStore.NoteJoinedThroughAsync(transaction, campaign.CampaignId, now);
    }

    private static async Task PlanAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<PlanZone> zones, IReadOnlyDictionary<PlanPlace, long> people,
        Func<IReadOnlyCollection<PlanPlace>, IReadOnlyList<ZonePlan>> plans, Instant now)
    {
        // A place that waits already is joined as it stands, since its instant may have been moved; one that has been sent to is closed.
        var waiting = zones.Where(z => z.WaveStatus == "waiting").GroupBy(z => z.Place).ToDictionary(g => g.Key, g => g.First().ToZonePlan());
        var (planned, known) = (people.Keys.Where(waiting.ContainsKey).Select(place => waiting[place]), zones.Select(z => z.Place).ToHashSet());
        var wanted = planned.Concat(plans([.. people.Keys.Where(place => !known.Contains(place))]).Where(plan => plan.Outcome == ZoneOutcome.Send)).ToList();
        if (wanted.Count == 0)
            return;
        var numbers = await PlanPlaces.NumbersAsync(transaction, campaignId, zones, wanted);
        var joined = await PlannedDeliveryStore.InsertAsync(transaction, campaignId, [.. wanted.Select(plan => (plan.Place, numbers[plan]))], now);
        await PlanStore.CountJoinedAsync(transaction, campaignId, [.. wanted.Select(plan => (numbers[plan], people[plan.Place]))], joined);
        await WaveStore.RecountWaitingAsync(transaction, campaignId);
    }
}
