using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Names a storefront.</summary>
public sealed class StorefrontRequest
{
    /// <summary>The storefront's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a storefront: whether its messages arrive, and what came of them.</summary>
internal sealed class GetStorefront(PublicUrl url, IClock clock) : ApiEndpoint<StorefrontRequest, StorefrontView>
{
    public override void Configure()
    {
        Get("/v1/storefronts/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a storefront");
    }

    protected override async Task<Answer<StorefrontView>> AnswerAsync(StorefrontRequest request, TenantTransaction transaction) =>
        await StorefrontStore.FindAsync(transaction, request.Id) is { } storefront
            ? StorefrontView.Of(storefront, url.Value, clock.GetCurrentInstant()) : Problems.NotFound("storefront");
}
