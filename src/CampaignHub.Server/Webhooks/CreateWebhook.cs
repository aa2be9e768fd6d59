using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>A webhook to make.</summary>
public sealed class CreateWebhookRequest
{
    [FromBody]
    public WebhookDraft Body { get; set; } = new();
}

/// <summary>Makes a webhook, which is called with what happens from now on, and shows its secret, this once.</summary>
internal sealed class CreateWebhook(WebhookUrl urls, KeyRing keyRing, IClock clock) : ApiEndpoint<CreateWebhookRequest, WebhookWithSecret>
{
    public override void Configure()
    {
        Post("/v1/webhooks");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a webhook");
    }

    // The host is resolved before the transaction is opened: DNS may take its time.
    protected override async Task<SerializedAnswer> RunAsync(CreateWebhookRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        if (await urls.RefusalAsync(request.Body.Url.Value, ct) is not { } refusal)
            return await base.RunAsync(request, reservation, ct);
        var refused = SerializedAnswer.Of(refusal);
        await reservation.KeepAsync(refused, ct);
        return refused;
    }

    protected override async Task<Answer<WebhookWithSecret>> AnswerAsync(CreateWebhookRequest request, TenantTransaction transaction)
    {
        var id = Guid.CreateVersion7();
        var (shown, secret) = WebhookStore.NewSecret(keyRing, transaction.TenantId, id);
        var webhook = request.Body.ApplyTo(new Webhook
        {
            WebhookId = id,
            Enabled = true,
            SecretEncrypted = secret,
            FedThrough = await EventFeed.LastSequenceAsync(transaction),
            CreatedAt = clock.GetCurrentInstant(),
        });
        await WebhookStore.InsertAsync(transaction, webhook);
        return Answer.Created(WebhookWithSecret.Of(webhook, shown), $"/v1/webhooks/{id}", secret: true);
    }

    internal sealed class Rules : Validator<CreateWebhookRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new WebhookDraft.DraftRules());
    }
}
