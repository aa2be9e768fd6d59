using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>A page of suppressions to list.</summary>
public sealed class ListSuppressionsRequest : PageRequest;

/// <summary>Lists the tenant's suppressions, oldest first.</summary>
internal sealed class ListSuppressions(Cursors cursors) : ApiEndpoint<ListSuppressionsRequest, Page<Suppression>>
{
    public override void Configure()
    {
        Get("/v1/suppressions");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List the suppressions");
    }

    protected override async Task<Answer<Page<Suppression>>> AnswerAsync(ListSuppressionsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "suppressions");
        var suppressions = await SuppressionStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(suppressions, limit, transaction.TenantId, "suppressions", s => s.Id.ToString());
    }
}
