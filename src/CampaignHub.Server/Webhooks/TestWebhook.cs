using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Webhooks;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>How a test call went.</summary>
/// <param name="Ok">Whether the endpoint took it: a status from 200 to 299.</param>
/// <param name="Status">The HTTP status; null where there was no answer.</param>
/// <param name="Fault">What went wrong; null where nothing did.</param>
public sealed record WebhookTestView(bool Ok, int? Status, string? Fault);

/// <summary>
/// Calls a webhook right now with an event of the type <c>webhook.test</c>, signed like any other. An endpoint that fails is an
/// answer (200 with <c>ok</c> false), and nothing is tried again.
/// </summary>
internal sealed class TestWebhook(WebhookClient client, KeyRing keyRing, IClock clock) : ApiEndpoint<WebhookRequest, WebhookTestView>
{
    public override void Configure()
    {
        Post("/v1/webhooks/{id}/test");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Call a webhook to test it");
    }

    // No transaction is open while somebody else's server takes its time.
    protected override async Task<SerializedAnswer> RunAsync(WebhookRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        Webhook? webhook;
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
            webhook = await WebhookStore.FindAsync(transaction, request.Id);
        Answer<WebhookTestView> answer = webhook is null ? Problems.NotFound("webhook") : await CallAsync(webhook, ct);
        var sent = SerializedAnswer.Of(answer);
        await reservation.KeepAsync(sent, ct);
        return sent;
    }

    protected override Task<Answer<WebhookTestView>> AnswerAsync(WebhookRequest request, TenantTransaction transaction) =>
        throw new NotSupportedException("A test call is made outside of any transaction.");

    private async Task<WebhookTestView> CallAsync(Webhook webhook, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var answer = await client.CallAsync(
            webhook.Url, Guid.CreateVersion7().ToString(), WebhookPayload.Test(webhook.WebhookId, now), WebhookStore.Secrets(keyRing, Caller.TenantId, webhook, now), now, ct);
        return new WebhookTestView(answer.Verdict == WebhookVerdict.Delivered, answer.Status, answer.Fault);
    }
}
