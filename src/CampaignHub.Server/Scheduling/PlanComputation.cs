using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling.BestHours;
using CampaignHub.Server.Tenancy;
using Hangfire;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Computes a plan: one transaction, a few hundred zones resolved once each, and one INSERT for all people. Killed in
/// the middle it leaves nothing behind, and the plan still asks to be computed. Safe to run twice: one holds the lock.
/// </summary>
public sealed partial class PlanComputation(Database database, CampaignLaunch launch, IClock clock, ILogger<PlanComputation> log)
{
    [JobDisplayName("Plan campaign {1}")]
    public async Task RunAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        using var trace = Traces.Begin("plan", tenantId)?.SetTag("campaignhub.campaign_id", campaignId);
        try
        {
            await ComputeAsync(tenantId, campaignId, ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !fault.IsPassing())
        {
            // Our own fault: computing it again would only fail again. The plan says so, and may be asked for anew.
            LogFault(fault, campaignId);
            await FailAsync(tenantId, campaignId);
        }
    }

    private async Task ComputeAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        var launched = false;
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            if (!await PlanStore.TryLockAsync(transaction, campaignId)
                || await CampaignStore.LockAsync(transaction, campaignId) is not { } campaign
                || await PlanStore.FindAsync(transaction, campaignId) is not { Status: "computing" } plan)
                return;
            await ComputeAsync(transaction, campaign);
            launched = plan.LaunchWhenReady && await LaunchAsync(transaction, campaignId);
            await PersonRemovalStore.RemoveDeletedAsync(transaction, clock.GetCurrentInstant());
            await transaction.CommitAsync();
        }
        await RefreshStatisticsAsync(tenantId, ct);
        if (launched)
            await launch.AfterCommitAsync(tenantId, campaignId, ct);
    }

    private async Task ComputeAsync(TenantTransaction transaction, Campaign campaign)
    {
        var now = clock.GetCurrentInstant();
        var schedule = campaign.Schedule ?? throw new InvalidOperationException("A campaign without a schedule was to be planned.");
        var tenant = await TenantStore.FindAsync(transaction, transaction.TenantId);
        var holidays = await HolidayStore.CalendarAsync(transaction, schedule);
        await AudienceSnapshot.TakeAsync(
            transaction, campaign.Audience, schedule.FallbackTimeZone ?? tenant!.TimeZone, PlanSplit.Of(schedule, holidays), now);
        await ChosenHours.ChooseAsync(transaction, campaign, places => SchedulePlanner.Plan(schedule, places, holidays, now), now);
        var people = await PlanPeople.CountAsync(transaction);
        var zones = SchedulePlanner.Plan(schedule, [.. people.Keys], holidays, now);
        await PlanStore.InsertZonesAsync(transaction, campaign.CampaignId, schedule.Rule, zones, people);
        await PlannedDeliveryStore.InsertAsync(transaction, campaign.CampaignId, [.. zones.Select((z, number) => (z.Place, number))], now);
        await PlanWaves.WriteAsync(transaction, campaign.CampaignId, zones);
        var audience = await AudienceSnapshot.CountAsync(transaction);
        var capped = await ExpectedCaps.CountAsync(transaction, campaign.CampaignId, schedule, zones, audience.AnyWish, now);
        await PlanStore.CompleteAsync(transaction, campaign.CampaignId, audience, capped, now);
        await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Plan, now);
    }

    /// <summary>Of its own accord PostgreSQL looks once a minute, and until then takes the ledger for what it was before.</summary>
    private async Task RefreshStatisticsAsync(Guid tenantId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await PlannedDeliveryStore.RefreshStatisticsAsync(transaction);
        await transaction.CommitAsync();
    }

    private async Task FailAsync(Guid tenantId, Guid campaignId)
    {
        await using var transaction = await database.BeginAsync(tenantId, CancellationToken.None);
        await PlanStore.FailAsync(transaction, campaignId, "The plan could not be computed; the fault has been logged.");
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The plan of campaign {CampaignId} could not be computed")]
    private partial void LogFault(Exception fault, Guid campaignId);

    private async Task<bool> LaunchAsync(TenantTransaction transaction, Guid campaignId)
    {
        var planned = await CampaignStore.LockAsync(transaction, campaignId);
        await launch.LaunchAsync(transaction, planned!);
        return true;
    }
}
