using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Domains;

/// <summary>A page of domains to list.</summary>
public sealed class ListDomainsRequest : PageRequest;

/// <summary>Lists the tenant's domains, oldest first.</summary>
internal sealed class ListDomains(DomainTargets targets, Cursors cursors) : ApiEndpoint<ListDomainsRequest, Page<DomainView>>
{
    public override void Configure()
    {
        Get("/v1/domains");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the domains");
    }

    protected override async Task<Answer<Page<DomainView>>> AnswerAsync(ListDomainsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "domains");
        var domains = await DomainStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(
            [.. domains.Select(d => DomainView.Of(d, targets))], limit, transaction.TenantId, "domains", d => d.Id.ToString());
    }
}
