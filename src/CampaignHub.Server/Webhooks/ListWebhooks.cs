using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Webhooks;

/// <summary>A page of webhooks to list.</summary>
public sealed class ListWebhooksRequest : PageRequest;

/// <summary>Lists the tenant's webhooks, oldest first, without their secrets.</summary>
internal sealed class ListWebhooks(Cursors cursors) : ApiEndpoint<ListWebhooksRequest, Page<WebhookView>>
{
    public override void Configure()
    {
        Get("/v1/webhooks");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the webhooks");
    }

    protected override async Task<Answer<Page<WebhookView>>> AnswerAsync(ListWebhooksRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "webhooks");
        var webhooks = await WebhookStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page([.. webhooks.Select(WebhookView.Of)], limit, transaction.TenantId, "webhooks", w => w.Id.ToString());
    }
}
