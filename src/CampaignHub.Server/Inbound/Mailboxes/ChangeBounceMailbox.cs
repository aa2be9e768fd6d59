using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Outbound;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A bounce mailbox and what to change of it.</summary>
public sealed class ChangeBounceMailboxRequest
{
    /// <summary>The mailbox's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public BounceMailboxChange Body { get; set; } = new();
}

/// <summary>Changes a bounce mailbox; whoever waits for its mail notices within two minutes.</summary>
internal sealed class ChangeBounceMailbox(OutboundHost host, KeyRing ring, IClock clock) : ApiEndpoint<ChangeBounceMailboxRequest, BounceMailboxView>
{
    public override void Configure()
    {
        Patch("/v1/bounce-mailboxes/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Change a bounce mailbox");
    }

    // The host is resolved before the transaction is opened: DNS may take its time.
    protected override async Task<SerializedAnswer> RunAsync(ChangeBounceMailboxRequest request, IdempotencyReservation reservation, CancellationToken ct) =>
        await host.RefusalAsync(request.Body.Host.Value, ct) is { } refusal
            ? SerializedAnswer.Of(refusal)
            : await base.RunAsync(request, reservation, ct);

    protected override async Task<Answer<BounceMailboxView>> AnswerAsync(ChangeBounceMailboxRequest request, TenantTransaction transaction)
    {
        if (await BounceMailboxStore.LockAsync(transaction, request.Id) is not { } mailbox)
            return Problems.NotFound("bounce mailbox");
        List<FieldError> errors = [];
        var changed = request.Body.ApplyTo(mailbox, ring, transaction.TenantId, errors) with { UpdatedAt = clock.GetCurrentInstant(), Problem = null };
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await BounceMailboxStore.UpdateAsync(transaction, changed);
        return BounceMailboxView.Of(changed);
    }

    internal sealed class Rules : Validator<ChangeBounceMailboxRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new BounceMailboxChange.Rules());
    }
}
