using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Outbound;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A bounce mailbox to make.</summary>
public sealed class CreateBounceMailboxRequest
{
    [FromBody]
    public BounceMailboxDraft Body { get; set; } = new();
}

/// <summary>Makes a bounce mailbox; it is read from then on. <c>POST /v1/bounce-mailboxes/{id}/check</c> says at once whether it can be.</summary>
internal sealed class CreateBounceMailbox(OutboundHost host, KeyRing ring, IClock clock) : ApiEndpoint<CreateBounceMailboxRequest, BounceMailboxView>
{
    public override void Configure()
    {
        Post("/v1/bounce-mailboxes");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a bounce mailbox");
    }

    // The host is resolved before the transaction is opened: DNS may take its time.
    protected override async Task<SerializedAnswer> RunAsync(CreateBounceMailboxRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        if (await host.RefusalAsync(request.Body.Host.Value, ct) is not { } refusal)
            return await base.RunAsync(request, reservation, ct);
        var refused = SerializedAnswer.Of(refusal);
        await reservation.KeepAsync(refused, ct);
        return refused;
    }

    protected override async Task<Answer<BounceMailboxView>> AnswerAsync(CreateBounceMailboxRequest request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var mailbox = request.Body.ApplyTo(
            new BounceMailbox { MailboxId = Guid.CreateVersion7(), Protocol = request.Body.Protocol, CreatedAt = now, UpdatedAt = now }, ring, transaction.TenantId, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await BounceMailboxStore.InsertAsync(transaction, mailbox);
        return Answer.Created(BounceMailboxView.Of(mailbox), $"/v1/bounce-mailboxes/{mailbox.MailboxId}");
    }

    internal sealed class Rules : Validator<CreateBounceMailboxRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new BounceMailboxDraft.DraftRules());
    }
}
