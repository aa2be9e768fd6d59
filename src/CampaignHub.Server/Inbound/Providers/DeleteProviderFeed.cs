using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Removes a provider feed with what is unmatched of it: what is posted to its URL is refused from then on.</summary>
internal sealed class DeleteProviderFeed : ApiEndpoint<ProviderFeedRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/provider-feeds/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Remove a provider feed");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(ProviderFeedRequest request, TenantTransaction transaction) =>
        await ProviderFeedStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("provider feed");
}
