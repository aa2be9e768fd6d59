using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Outbound;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>A relay to make.</summary>
public sealed class CreateRelayRequest
{
    [FromBody]
    public RelayDraft Body { get; set; } = new();
}

/// <summary>Makes a relay. Check it before the first campaign: <c>POST /v1/relays/{id}/check</c>.</summary>
internal sealed class CreateRelay(OutboundHost host, KeyRing keyRing, IClock clock) : ApiEndpoint<CreateRelayRequest, RelayView>
{
    public override void Configure()
    {
        Post("/v1/relays");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a relay");
    }

    // The host is resolved before the transaction is opened: DNS may take its time.
    protected override async Task<SerializedAnswer> RunAsync(CreateRelayRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        if (await host.RefusalAsync(request.Body.Host.Or(request.Body.Blank().Host), ct) is not { } refusal)
            return await base.RunAsync(request, reservation, ct);
        var refused = SerializedAnswer.Of(refusal);
        await reservation.KeepAsync(refused, ct);
        return refused;
    }

    protected override async Task<Answer<RelayView>> AnswerAsync(CreateRelayRequest request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var senders = await EnvelopeSenders.OfAsync(transaction, keyRing);
        var relay = request.Body.ApplyTo(
            request.Body.Blank(verp: senders.BounceDomain is not null) with { RelayId = Guid.CreateVersion7(), CreatedAt = now, UpdatedAt = now }, keyRing, transaction.TenantId, errors);
        if (RelayChange.WithoutBounceDomain(relay, senders) is { } missing)
            errors.Add(missing);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        if (await RelayRegion.RefusalAsync(transaction, relay.Region) is { } refusal)
            return refusal;
        await RelayStore.InsertAsync(transaction, relay);
        return Answer.Created(RelayView.Of(relay), $"/v1/relays/{relay.RelayId}");
    }

    internal sealed class Rules : Validator<CreateRelayRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new RelayDraft.DraftRules());
    }
}
