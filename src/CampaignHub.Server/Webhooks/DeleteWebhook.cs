using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Webhooks;

/// <summary>Removes a webhook with its calls: nothing more is sent to it.</summary>
internal sealed class DeleteWebhook : ApiEndpoint<WebhookRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/webhooks/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Remove a webhook");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(WebhookRequest request, TenantTransaction transaction) =>
        await WebhookStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("webhook");
}
