using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Names a provider feed.</summary>
public sealed class ProviderFeedRequest
{
    /// <summary>The feed's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a provider feed, without its secret.</summary>
internal sealed class GetProviderFeed(PublicUrl publicUrl, IClock clock) : ApiEndpoint<ProviderFeedRequest, ProviderFeedView>
{
    public override void Configure()
    {
        Get("/v1/provider-feeds/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a provider feed");
    }

    protected override async Task<Answer<ProviderFeedView>> AnswerAsync(ProviderFeedRequest request, TenantTransaction transaction) =>
        await ProviderFeedStore.FindAsync(transaction, request.Id) is { } feed
            ? ProviderFeedView.Of(feed, publicUrl, clock.GetCurrentInstant()) : Problems.NotFound("provider feed");
}
