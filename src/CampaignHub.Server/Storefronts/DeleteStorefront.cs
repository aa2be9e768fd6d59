using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Storefronts;

/// <summary>Disconnects a shop: its messages and orders are forgotten, and what it posts is refused. Its buyers stay recipients.</summary>
internal sealed class DeleteStorefront : ApiEndpoint<StorefrontRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/storefronts/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Disconnect a storefront");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(StorefrontRequest request, TenantTransaction transaction) =>
        await StorefrontStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("storefront");
}
