using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tenancy;

/// <summary>A page of API keys to list.</summary>
public sealed class ListApiKeysRequest : PageRequest;

/// <summary>Lists the tenant's API keys, oldest first, without the keys themselves.</summary>
internal sealed class ListApiKeys(Cursors cursors) : ApiEndpoint<ListApiKeysRequest, Page<ApiKey>>
{
    public override void Configure()
    {
        Get("/v1/api-keys");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the API keys");
    }

    protected override async Task<Answer<Page<ApiKey>>> AnswerAsync(ListApiKeysRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "api-keys");
        var keys = await TenantStore.ListKeysAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(keys, limit, transaction.TenantId, "api-keys", k => k.Id.ToString());
    }
}
