using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Launches a planned campaign: fixes its instants and its content, and sets the alarm for each wave.</summary>
public sealed class CampaignLaunch(WaveAlarms alarms, WorkSignal signal, PublicUrl publicUrl, IClock clock)
{
    internal async Task<Transition> LaunchAsync(TenantTransaction transaction, Campaign campaign)
    {
        var now = clock.GetCurrentInstant();
        var frozen = (await PlanStore.ListZonesAsync(transaction, campaign.CampaignId)).Select(z => z.ToZonePlan()).ToList();
        var schedule = campaign.Schedule!;
        var holidays = await HolidayStore.CalendarAsync(transaction, schedule);
        var zones = await PlanWaves.WriteAsync(
            transaction, campaign.CampaignId, SchedulePlanner.AtLaunch(frozen, schedule, holidays, now));
        var missed = zones.Where(z => z.Missed).Select(z => z.ZoneNumber).ToArray();
        if (missed.Length > 0)
            await PlannedDeliveryStore.MissAsync(transaction, campaign.CampaignId, missed, now);
        await CampaignContent.FreezeAsync(transaction, campaign, publicUrl);
        var transition = await CampaignStore.MoveAsync(
            transaction, campaign, CampaignAction.Launch, now, waveOpened: zones.Any(z => z.WaveId is not null && z.DueAt <= now));
        await FinishIfNobodyIsLeftAsync(transaction, campaign, zones, now);
        return transition;
    }

    /// <summary>After the commit: Hangfire is told of each wave, and what is due already is looked for at once.</summary>
    internal async Task AfterCommitAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        await alarms.SetAsync(tenantId, campaignId, ct);
        signal.Wake(WorkKind.Deliveries);
    }

    private static async Task FinishIfNobodyIsLeftAsync(TenantTransaction transaction, Campaign campaign, IReadOnlyList<PlanZone> zones, Instant now)
    {
        if (zones.All(z => z.WaveId is null))
            await CampaignStore.MoveAsync(transaction, (await CampaignStore.LockAsync(transaction, campaign.CampaignId))!, CampaignAction.Finish, now);
    }
}
