using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Webhooks;

/// <summary>A page of a webhook's calls to list.</summary>
public sealed class ListWebhookCallsRequest : PageRequest
{
    /// <summary>The webhook's id.</summary>
    public Guid Id { get; set; }

    /// <summary>Only calls in this state: <c>pending</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public string? State { get; set; }
}

/// <summary>Lists a webhook's calls, the newest events first, and how each went. Those that are over are kept for 30 days.</summary>
internal sealed class ListWebhookCalls(Cursors cursors) : ApiEndpoint<ListWebhookCallsRequest, Page<WebhookCallView>>
{
    public override void Configure()
    {
        Get("/v1/webhooks/{id}/deliveries");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List a webhook's calls");
    }

    protected override async Task<Answer<Page<WebhookCallView>>> AnswerAsync(ListWebhookCallsRequest request, TenantTransaction transaction)
    {
        if (await WebhookStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("webhook");
        var list = $"webhook {request.Id} {request.State}";
        var (limit, before) = cursors.Read(request, transaction.TenantId, list);
        var calls = await WebhookCallStore.ListAsync(transaction, request.Id, request.State, before is null ? null : Guid.Parse(before), limit + 1);
        return cursors.Page(calls, limit, transaction.TenantId, list, call => call.Id.ToString());
    }

    internal sealed class Rules : Validator<ListWebhookCallsRequest>
    {
        public Rules() => RuleFor(r => r.State).OneOf("pending", "delivered", "failed");
    }
}
