using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>A page of templates to list.</summary>
public sealed class ListTemplatesRequest : PageRequest;

/// <summary>Lists the tenant's templates, oldest first.</summary>
internal sealed class ListTemplates(Cursors cursors) : ApiEndpoint<ListTemplatesRequest, Page<Template>>
{
    public override void Configure()
    {
        Get("/v1/templates");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "List the templates");
    }

    protected override async Task<Answer<Page<Template>>> AnswerAsync(ListTemplatesRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "templates");
        var templates = await TemplateStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(templates, limit, transaction.TenantId, "templates", t => t.Id.ToString());
    }
}
