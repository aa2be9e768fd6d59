using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>A webhook and what to change of it.</summary>
public sealed class ChangeWebhookRequest
{
    /// <summary>The webhook's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public WebhookChange Body { get; set; } = new();
}

/// <summary>Changes a webhook. Giving <c>enabled</c> true to one that the service disabled sends what has happened meanwhile.</summary>
internal sealed class ChangeWebhook(WebhookUrl urls, IClock clock) : ApiEndpoint<ChangeWebhookRequest, WebhookView>
{
    public override void Configure()
    {
        Patch("/v1/webhooks/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Change a webhook");
    }

    // The host is resolved before the transaction is opened: DNS may take its time.
    protected override async Task<SerializedAnswer> RunAsync(ChangeWebhookRequest request, IdempotencyReservation reservation, CancellationToken ct) =>
        await urls.RefusalAsync(request.Body.Url.Value, ct) is { } refusal
            ? SerializedAnswer.Of(refusal)
            : await base.RunAsync(request, reservation, ct);

    protected override async Task<Answer<WebhookView>> AnswerAsync(ChangeWebhookRequest request, TenantTransaction transaction)
    {
        if (await WebhookStore.LockAsync(transaction, request.Id) is not { } webhook)
            return Problems.NotFound("webhook");
        var changed = request.Body.ApplyTo(webhook);
        await WebhookStore.UpdateAsync(transaction, changed, clock.GetCurrentInstant());
        return WebhookView.Of(changed);
    }

    internal sealed class Rules : Validator<ChangeWebhookRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new WebhookChange.Rules());
    }
}
