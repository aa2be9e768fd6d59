using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>A page of lists to list.</summary>
public sealed class ListListsRequest : PageRequest;

/// <summary>Lists the tenant's lists, oldest first.</summary>
internal sealed class ListLists(Cursors cursors) : ApiEndpoint<ListListsRequest, Page<RecipientList>>
{
    public override void Configure()
    {
        Get("/v1/lists");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List the lists");
    }

    protected override async Task<Answer<Page<RecipientList>>> AnswerAsync(ListListsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "lists");
        var lists = await ListStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(lists, limit, transaction.TenantId, "lists", l => l.Id.ToString());
    }
}
