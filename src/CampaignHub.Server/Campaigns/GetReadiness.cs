using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>Says whether the campaign can be launched: what stands against it, what is worth knowing, and the call that mends each.</summary>
internal sealed class GetReadiness(CampaignReadiness readiness) : ApiEndpoint<CampaignRequest, Readiness>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/readiness");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show whether the campaign is ready");
    }

    protected override async Task<Answer<Readiness>> AnswerAsync(CampaignRequest request, TenantTransaction transaction) =>
        await CampaignStore.FindAsync(transaction, request.Id) is { } campaign
            ? await readiness.OfAsync(transaction, campaign)
            : Problems.NotFound("campaign");
}
