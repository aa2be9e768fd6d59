using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Launches a campaign: its instants are fixed and each wave is sent at its own. Without a plan, one is computed first
/// and the launch follows by itself. Refused (409) while a blocker of its readiness stands.
/// </summary>
internal sealed class LaunchCampaign(PlanRequests plans, CampaignLaunch launch, CampaignReadiness readiness, IClock clock)
    : ApiEndpoint<CampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/launch");
        Access(Scope.CampaignsSend);
        Answers(202);
        Summary(s => s.Summary = "Launch the campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (CampaignLifecycle.Next(campaign.Status, CampaignAction.Launch) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        var plan = await PlanStore.FindAsync(transaction, request.Id);
        if (await readiness.OfAsync(transaction, campaign, peopleArePlanned: plan is { Status: "ready", Recipients: > 0 }) is { Blockers: [var first, ..] })
            return Problems.StateConflict($"{first.Message} {first.Fix}");
        if (plan is { Status: "ready" })
            await launch.LaunchAsync(transaction, campaign);
        else if (await PlanRequests.RefusalAsync(transaction, campaign, clock.GetCurrentInstant()) is { } refusal)
            return refusal;
        else
            await plans.RequestAsync(transaction, campaign, launchWhenReady: true);
        return Answer.Accepted(await CampaignView.OfAsync(transaction, (await CampaignStore.FindAsync(transaction, request.Id))!));
    }

    protected override async Task AfterCommitAsync(CampaignRequest request, CancellationToken ct)
    {
        plans.Start(Caller.TenantId, request.Id);
        await launch.AfterCommitAsync(Caller.TenantId, request.Id, ct);
    }
}
