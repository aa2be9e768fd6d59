using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>Shows how far a campaign's hits have been judged again, and what that changed: the last time that it was asked for.</summary>
internal sealed class GetReclassification : ApiEndpoint<CampaignRequest, ReclassificationView>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/reclassification");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show what judging again has changed");
    }

    protected override async Task<Answer<ReclassificationView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        return await ReclassificationView.FindAsync(transaction, request.Id) is { } view
            ? view
            : Problems.NotFound("reclassification: ask for one with POST /v1/campaigns/{id}/reclassify");
    }
}
