using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>Gives a webhook a new secret, shown this once. For 24 hours calls are signed with the former one too, so that none is lost.</summary>
internal sealed class RotateWebhookSecret(KeyRing keyRing, IClock clock) : ApiEndpoint<WebhookRequest, WebhookWithSecret>
{
    private static readonly Duration Overlap = Duration.FromHours(24);

    public override void Configure()
    {
        Post("/v1/webhooks/{id}/rotate-secret");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Rotate a webhook's secret");
    }

    protected override async Task<Answer<WebhookWithSecret>> AnswerAsync(WebhookRequest request, TenantTransaction transaction)
    {
        if (await WebhookStore.LockAsync(transaction, request.Id) is not { } webhook)
            return Problems.NotFound("webhook");
        var now = clock.GetCurrentInstant();
        var (shown, secret) = WebhookStore.NewSecret(keyRing, transaction.TenantId, request.Id);
        var changed = webhook with { SecretEncrypted = secret, FormerSecretEncrypted = webhook.SecretEncrypted, FormerUntil = now + Overlap };
        await WebhookStore.UpdateAsync(transaction, changed, now);
        return Answer.Ok(WebhookWithSecret.Of(changed, shown), secret: true);
    }
}
