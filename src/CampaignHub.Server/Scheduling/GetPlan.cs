using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>Shows a campaign's plan: each instant with its zones, once launched with its wave and job.</summary>
internal sealed class GetPlan : ApiEndpoint<CampaignRequest, PlanView>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/plan");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show the plan");
    }

    protected override async Task<Answer<PlanView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("campaign");
        if (await PlanStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("plan: compute one with POST /v1/campaigns/{id}/plan");
        return await PlanView.OfAsync(transaction, request.Id);
    }
}
