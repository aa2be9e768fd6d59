using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A page of storefronts to list.</summary>
public sealed class ListStorefrontsRequest : PageRequest;

/// <summary>Lists the tenant's storefronts, oldest first.</summary>
internal sealed class ListStorefronts(Cursors cursors, PublicUrl url, IClock clock) : ApiEndpoint<ListStorefrontsRequest, Page<StorefrontView>>
{
    private const string List = "storefronts";

    public override void Configure()
    {
        Get("/v1/storefronts");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the storefronts");
    }

    protected override async Task<Answer<Page<StorefrontView>>> AnswerAsync(ListStorefrontsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, List);
        var storefronts = await StorefrontStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(
            [.. storefronts.Select(s => StorefrontView.Of(s, url.Value, clock.GetCurrentInstant()))], limit, transaction.TenantId, List, s => s.Id.ToString());
    }
}
