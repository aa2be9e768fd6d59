using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Outbound;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>A relay and what to change of it.</summary>
public sealed class ChangeRelayRequest
{
    /// <summary>The relay's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public RelayChange Body { get; set; } = new();
}

/// <summary>Changes a relay; connections are made anew with the next message.</summary>
internal sealed class ChangeRelay(OutboundHost host, KeyRing keyRing, IClock clock) : ApiEndpoint<ChangeRelayRequest, RelayView>
{
    public override void Configure()
    {
        Patch("/v1/relays/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Change a relay");
    }

    // The host is resolved before the transaction is opened: DNS may take its time.
    protected override async Task<SerializedAnswer> RunAsync(ChangeRelayRequest request, IdempotencyReservation reservation, CancellationToken ct) =>
        await host.RefusalAsync(request.Body.Host.Value, ct) is { } refusal
            ? SerializedAnswer.Of(refusal)
            : await base.RunAsync(request, reservation, ct);

    protected override async Task<Answer<RelayView>> AnswerAsync(ChangeRelayRequest request, TenantTransaction transaction)
    {
        if (await RelayStore.LockAsync(transaction, request.Id) is not { } relay)
            return Problems.NotFound("relay");
        List<FieldError> errors = [];
        var changed = request.Body.ApplyTo(relay, keyRing, transaction.TenantId, errors) with { UpdatedAt = clock.GetCurrentInstant() };
        if (request.Body.EnvelopeSender.IsSet && RelayChange.WithoutBounceDomain(changed, await EnvelopeSenders.OfAsync(transaction, keyRing)) is { } missing)
            errors.Add(missing);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        if (changed.Region != relay.Region && await RelayRegion.RefusalAsync(transaction, changed.Region) is { } refusal)
            return refusal;
        if (!changed.IsReachedLike(relay))
            changed = changed with { CheckedAt = null, CheckOk = null };
        await RelayStore.UpdateAsync(transaction, changed);
        if (request.Body.Enabled.IsSet || !changed.IsReachedLike(relay))
            await RelayStandingStore.LiftAsync(transaction, request.Id);
        if (changed.WarmUp.Length == 0)
            await RelayDayStore.ForgetAsync(transaction, request.Id);
        return RelayView.Of((await RelayStore.FindAsync(transaction, request.Id))!);
    }

    internal sealed class Rules : Validator<ChangeRelayRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new RelayChange.Rules());
    }
}
