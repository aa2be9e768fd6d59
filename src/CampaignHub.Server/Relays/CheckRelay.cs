using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>How a check went.</summary>
public sealed record RelayCheckView
{
    /// <summary>Whether every step went well.</summary>
    public bool Ok { get; init; }

    /// <summary>The steps in their order, up to the first that failed.</summary>
    public IReadOnlyList<RelayStepView> Steps { get; init; } = [];

    /// <summary>What to do about the step that failed; null where all is well or nothing usual fits.</summary>
    public string? Advice { get; init; }

    internal static RelayCheckView Of(RelayCheckResult result) => new()
    {
        Ok = result.Ok,
        Steps = [.. result.Steps.Select(s => new RelayStepView { Step = s.Step, Ok = s.Ok, Detail = s.Detail })],
        Advice = result.Steps.FirstOrDefault(s => !s.Ok)?.Advice,
    };
}

/// <summary>One step of a check.</summary>
public sealed record RelayStepView
{
    /// <summary><c>dns</c>, <c>tcp</c>, <c>banner</c>, <c>ehlo</c>, <c>tls</c>, <c>login</c> or <c>mail_from</c>.</summary>
    public string Step { get; init; } = "";

    /// <summary>Whether it went well.</summary>
    public bool Ok { get; init; }

    /// <summary>What was found.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>
/// Walks to the relay as sending would, up to MAIL FROM, and sends nothing. A relay that fails is an answer (200 with
/// <c>ok</c> false), and is noted at the relay. One that goes well lifts a pause.
/// </summary>
internal sealed class CheckRelay(RelayCheck check, KeyRing keyRing, IClock clock) : ApiEndpoint<RelayRequest, RelayCheckView>
{
    public override void Configure()
    {
        Post("/v1/relays/{id}/check");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Check a relay");
    }

    // No transaction is open while SMTP talks.
    protected override async Task<SerializedAnswer> RunAsync(RelayRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        Relay? relay;
        EnvelopeSenders senders;
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
        {
            relay = await RelayStore.FindOpenAsync(transaction, keyRing, request.Id);
            senders = await EnvelopeSenders.OfAsync(transaction, keyRing);
        }
        var result = relay is null ? null : await check.RunAsync(relay.Settings, senders.TrialOf(relay), null, ct);
        Answer<RelayCheckView> answer = result is null ? Problems.NotFound("relay") : RelayCheckView.Of(result);
        var sent = SerializedAnswer.Of(answer);
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
        {
            if (result is not null && await RelayStore.NoteCheckAsync(transaction, relay!, result.Ok, clock.GetCurrentInstant()) && result.Ok)
                await RelayStandingStore.LiftAsync(transaction, relay!.RelayId);
            await reservation.KeepAsync(sent, transaction);
            await transaction.CommitAsync();
        }
        return sent;
    }

    protected override Task<Answer<RelayCheckView>> AnswerAsync(RelayRequest request, TenantTransaction transaction) =>
        throw new NotSupportedException("A check runs outside of any transaction.");
}
