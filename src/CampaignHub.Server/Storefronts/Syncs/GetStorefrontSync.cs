using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Storefronts.Syncs;

/// <summary>Shows how a storefront's last sync stands.</summary>
internal sealed class GetStorefrontSync : ApiEndpoint<StorefrontRequest, StorefrontSyncView>
{
    public override void Configure()
    {
        Get("/v1/storefronts/{id}/sync");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a storefront's sync");
    }

    protected override async Task<Answer<StorefrontSyncView>> AnswerAsync(StorefrontRequest request, TenantTransaction transaction) =>
        await StorefrontSyncStore.FindAsync(transaction, request.Id) is { } sync ? StorefrontSyncView.Of(sync) : Problems.NotFound("sync");
}
