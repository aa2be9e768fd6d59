using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Webhooks;

/// <summary>Names a webhook.</summary>
public sealed class WebhookRequest
{
    /// <summary>The webhook's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a webhook, without its secret.</summary>
internal sealed class GetWebhook : ApiEndpoint<WebhookRequest, WebhookView>
{
    public override void Configure()
    {
        Get("/v1/webhooks/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a webhook");
    }

    protected override async Task<Answer<WebhookView>> AnswerAsync(WebhookRequest request, TenantTransaction transaction) =>
        await WebhookStore.FindAsync(transaction, request.Id) is { } webhook ? WebhookView.Of(webhook) : Problems.NotFound("webhook");
}
