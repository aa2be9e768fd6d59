using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>Names a campaign.</summary>
public sealed class CampaignRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a campaign and how many of its deliveries are in which state.</summary>
internal sealed class GetCampaign : ApiEndpoint<CampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show a campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction) =>
        await CampaignStore.FindAsync(transaction, request.Id) is { } campaign
            ? await CampaignView.OfAsync(transaction, campaign)
            : Problems.NotFound("campaign");
}
