using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Storefronts;

/// <summary>A page of privacy requests to list.</summary>
public sealed class ListPrivacyRequestsRequest : PageRequest;

/// <summary>Lists what shops have asked for by law and what was done, the newest first.</summary>
internal sealed class ListPrivacyRequests(Cursors cursors) : ApiEndpoint<ListPrivacyRequestsRequest, Page<PrivacyRequestView>>
{
    private const string List = "privacy-requests";

    public override void Configure()
    {
        Get("/v1/privacy-requests");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List privacy requests");
    }

    protected override async Task<Answer<Page<PrivacyRequestView>>> AnswerAsync(ListPrivacyRequestsRequest request, TenantTransaction transaction)
    {
        var (limit, before) = cursors.Read(request, transaction.TenantId, List);
        var requests = await PrivacyRequestStore.ListAsync(transaction, before is null ? null : Guid.Parse(before), limit + 1);
        return cursors.Page([.. requests.Select(PrivacyRequestView.Of)], limit, transaction.TenantId, List, request => request.Id.ToString());
    }
}
