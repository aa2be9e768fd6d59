using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using Hangfire;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Computes the campaign's plan in the background: who gets it, at which local time, and who is left out. An earlier
/// plan is computed anew. Nothing is sent before it is launched. Of a launched campaign it is a preview (200): the plan as it
/// is, and in <c>moves</c> what would be moved at this moment; nothing is changed.
/// </summary>
internal sealed class PlanCampaign(PlanRequests plans, IClock clock) : ApiEndpoint<CampaignRequest, PlanView>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/plan");
        Access(Scope.CampaignsWrite);
        Answers(200, 202);
        Summary(s => s.Summary = "Compute the plan");
    }

    protected override async Task<Answer<PlanView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (campaign.Status is CampaignStatus.Scheduled or CampaignStatus.Sending or CampaignStatus.Paused)
            return (await PlanView.OfAsync(transaction, request.Id)) with
            {
                Moves = await PeopleMoves.PreviewAsync(transaction, campaign, clock.GetCurrentInstant()),
            };
        if (CampaignLifecycle.Next(campaign.Status, CampaignAction.Plan) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        if (await PlanRequests.RefusalAsync(transaction, campaign, clock.GetCurrentInstant()) is { } refusal)
            return refusal;
        await plans.RequestAsync(transaction, campaign, launchWhenReady: false);
        return Answer.Accepted(await PlanView.OfAsync(transaction, request.Id));
    }

    // After a preview there is nothing to compute, and the job finds that out.
    protected override Task AfterCommitAsync(CampaignRequest request, CancellationToken ct)
    {
        plans.Start(Caller.TenantId, request.Id);
        return Task.CompletedTask;
    }
}

/// <summary>Asks for plans; a Hangfire job computes them, and the sweeper those that Hangfire lost.</summary>
public sealed class PlanRequests(IBackgroundJobClient jobs, IClock clock)
{
    /// <summary>Why this campaign can't be planned as it stands; null if it can.</summary>
    internal static async Task<Problem?> RefusalAsync(TenantTransaction transaction, Campaign campaign, Instant now)
    {
        if (campaign.Schedule is null)
            return Problems.StateConflict("The campaign has no schedule yet: PATCH it with one.");
        if (await UnsureCountries.FaultAsync(transaction, campaign, now) is { } fault)
            return Problems.Invalid("schedule.unsure_zone", "contradiction", fault);
        return await LaunchingAsync(transaction, campaign.CampaignId);
    }

    /// <summary>A refusal while its plan is computed for a launch that was asked for; null otherwise.</summary>
    internal static async Task<Problem?> LaunchingAsync(TenantTransaction transaction, Guid campaignId) =>
        await PlanStore.FindAsync(transaction, campaignId) is { Status: "computing", LaunchWhenReady: true }
            ? Problems.StateConflict("The campaign is being launched: its plan is computed right now.")
            : null;

    /// <summary>Drops what plan there is and asks for a new one.</summary>
    internal async Task RequestAsync(TenantTransaction transaction, Campaign campaign, bool launchWhenReady)
    {
        await PlanRemoval.DropAsync(transaction, campaign.CampaignId);
        await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Unplan, clock.GetCurrentInstant());
        await PlanStore.RequestAsync(transaction, campaign.CampaignId, launchWhenReady, clock.GetCurrentInstant());
    }

    public void Start(Guid tenantId, Guid campaignId) =>
        jobs.Enqueue<PlanComputation>(job => job.RunAsync(tenantId, campaignId, CancellationToken.None));
}
