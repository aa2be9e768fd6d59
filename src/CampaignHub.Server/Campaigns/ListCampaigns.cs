using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>A page of campaigns to list.</summary>
public sealed class ListCampaignsRequest : PageRequest;

/// <summary>Lists the tenant's campaigns, newest first.</summary>
internal sealed class ListCampaigns(Cursors cursors) : ApiEndpoint<ListCampaignsRequest, Page<CampaignView>>
{
    public override void Configure()
    {
        Get("/v1/campaigns");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "List the campaigns");
    }

    protected override async Task<Answer<Page<CampaignView>>> AnswerAsync(ListCampaignsRequest request, TenantTransaction transaction)
    {
        var (limit, before) = cursors.Read(request, transaction.TenantId, "campaigns");
        var campaigns = await CampaignStore.ListAsync(transaction, before is null ? null : Guid.Parse(before), limit + 1);
        var page = await CampaignView.OfAsync(transaction, campaigns);
        return cursors.Page(page, limit, transaction.TenantId, "campaigns", c => c.Id.ToString());
    }
}
