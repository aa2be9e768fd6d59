using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tenancy;

/// <summary>A page of tenants to list.</summary>
public sealed class ListTenantsRequest : PageRequest;

/// <summary>Lists all tenants, oldest first.</summary>
internal sealed class ListTenants(Cursors cursors) : OperatorEndpoint<ListTenantsRequest, Page<Tenant>>
{
    public override void Configure()
    {
        Get("/v1/tenants");
        OperatorOnly();
        Summary(s => s.Summary = "List the tenants");
    }

    protected override async Task<Answer<Page<Tenant>>> AnswerAsync(ListTenantsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, Guid.Empty, "tenants");
        var ids = (await transaction.QueryAsync<Guid>("SELECT tenant_page(@after::uuid, @limit)", new { after, limit = limit + 1 })).ToArray();
        await transaction.SeeAsync(ids);
        var tenants = await TenantStore.ListAsync(transaction, ids);
        return cursors.Page(tenants, limit, Guid.Empty, "tenants", t => t.Id.ToString());
    }
}
