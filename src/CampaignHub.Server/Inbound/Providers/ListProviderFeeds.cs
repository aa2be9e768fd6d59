using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>A page of provider feeds to list.</summary>
public sealed class ListProviderFeedsRequest : PageRequest;

/// <summary>Lists the tenant's provider feeds, oldest first, without their secrets.</summary>
internal sealed class ListProviderFeeds(Cursors cursors, PublicUrl publicUrl, IClock clock) : ApiEndpoint<ListProviderFeedsRequest, Page<ProviderFeedView>>
{
    private const string List = "provider-feeds";

    public override void Configure()
    {
        Get("/v1/provider-feeds");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the provider feeds");
    }

    protected override async Task<Answer<Page<ProviderFeedView>>> AnswerAsync(ListProviderFeedsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, List);
        var feeds = await ProviderFeedStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        var now = clock.GetCurrentInstant();
        return cursors.Page([.. feeds.Select(feed => ProviderFeedView.Of(feed, publicUrl, now))], limit, transaction.TenantId, List, feed => feed.Id.ToString());
    }
}
