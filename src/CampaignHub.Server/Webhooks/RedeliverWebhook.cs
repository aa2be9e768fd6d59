using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Jobs;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>A webhook and what to call it with once more.</summary>
public sealed class RedeliverWebhookRequest
{
    /// <summary>The webhook's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public Redelivery Body { get; set; } = new();
}

/// <summary>What to call a webhook with once more.</summary>
public sealed class Redelivery
{
    /// <summary>The event of one call; absent: all calls that have failed for good.</summary>
    public Guid? EventId { get; set; }
}

/// <summary>How many calls are made once more.</summary>
/// <param name="Calls">Calls that are due now.</param>
public sealed record Redelivered(int Calls);

/// <summary>Makes one call of a webhook's once more, whatever became of it, or all that have failed for good.</summary>
internal sealed class RedeliverWebhook(WorkSignal signal, IClock clock) : ApiEndpoint<RedeliverWebhookRequest, Redelivered>
{
    public override void Configure()
    {
        Post("/v1/webhooks/{id}/redeliver");
        Access(Scope.SettingsWrite);
        Answers(202);
        Summary(s => s.Summary = "Call a webhook once more");
    }

    protected override async Task<Answer<Redelivered>> AnswerAsync(RedeliverWebhookRequest request, TenantTransaction transaction)
    {
        if (await WebhookStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("webhook");
        var calls = await WebhookCallStore.RedeliverAsync(transaction, request.Id, request.Body.EventId, clock.GetCurrentInstant());
        return request.Body.EventId is not null && calls == 0 ? Problems.NotFound("call") : Answer.Accepted(new Redelivered(calls));
    }

    protected override Task AfterCommitAsync(RedeliverWebhookRequest request, CancellationToken ct)
    {
        signal.Wake(WorkKind.WebhookCalls);
        return Task.CompletedTask;
    }
}
