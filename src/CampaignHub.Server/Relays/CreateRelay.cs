using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Relays;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;
using FluentValidation.Results;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>A relay to make.</summary>
public sealed class CreateRelayRequest
{
    [FromBody]
    public RelayDraft Body { get; set; } = new();
}

/// <summary>The fields of a new relay.</summary>
public sealed class RelayDraft : RelayChange
{
    /// <summary>A provider out of <c>GET /v1/relay-presets</c>: fields that aren't given are as it wants them. Null: none.</summary>
    /// <example>ses</example>
    public string? Preset { get; set; }

    /// <summary>The provider's region, on which its host depends; see <c>GET /v1/relay-presets</c>.</summary>
    /// <example>eu-central-1</example>
    public string? PresetRegion { get; set; }

    /// <summary>The relay before any field that was given: at its defaults, which are the preset's where there is one.</summary>
    internal Relay Blank() => RelayPresets.Named(Preset) is not { } preset ? new Relay() : new Relay
    {
        Host = preset.HostIn(PresetRegion) ?? "",
        Port = preset.Port,
        Tls = preset.Tls,
        Username = preset.Username,
        MaxConnections = preset.MaxConnections,
        MaxPerSecond = preset.MaxPerSecond,
        MaxMessagesPerConnection = preset.MaxMessagesPerConnection,
        EnvelopeSender = preset.EnvelopeSender,
        HeadersJson = JsonSerializer.Serialize(preset.Headers, ApiJson.Options),
    };
}

/// <summary>Makes a relay. Check it before the first campaign: <c>POST /v1/relays/{id}/check</c>.</summary>
internal sealed class CreateRelay(RelayHost host, KeyRing keyRing, IClock clock) : ApiEndpoint<CreateRelayRequest, RelayView>
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
        var relay = request.Body.ApplyTo(
            request.Body.Blank() with { RelayId = Guid.CreateVersion7(), CreatedAt = now, UpdatedAt = now }, keyRing, transaction.TenantId, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        if (await RelayRegion.RefusalAsync(transaction, relay.Region) is { } refusal)
            return refusal;
        await RelayStore.InsertAsync(transaction, relay);
        return Answer.Created(RelayView.Of(relay), $"/v1/relays/{relay.RelayId}");
    }

    internal sealed class Rules : Validator<CreateRelayRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Name.Value).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Body.Host.Value).NotEmpty().MaximumLength(253).When(r => r.Body.Preset is null);
            RuleFor(r => r.Body.Preset).OneOf(RelayPresets.All.Select(preset => preset.Name));
            RuleFor(r => r.Body.PresetRegion).Custom((region, context) => CheckRegion(region, context.InstanceToValidate.Body, context.AddFailure));
            RuleFor(r => r.Body).SetValidator(new RelayChange.Rules());
        }

        /// <summary>A preset's region says which host, so it is given where that is open, and only there.</summary>
        private static void CheckRegion(string? region, RelayDraft body, Action<ValidationFailure> fail)
        {
            var preset = RelayPresets.Named(body.Preset);
            if (region is not null && (preset is null || body.Host.IsSet))
                fail(new("preset_region", "preset_region has no effect unless a preset gives the host; leave it out.") { ErrorCode = "not_applicable" });
            else if (preset is not null && !body.Host.IsSet && preset.HostIn(region) is null)
                fail(new("preset_region", $"preset_region is one of: {string.Join(", ", preset.Hosts.Keys)}.") { ErrorCode = region is null ? "required" : "invalid" });
        }
    }
}
