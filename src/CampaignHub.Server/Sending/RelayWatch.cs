using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// What attempts tell of a relay: this process acts on it at once (<see cref="RelayRest"/>), and notes it for all nodes
/// and the relay's owner.
/// </summary>
internal sealed partial class RelayWatch(Database database, RelayRest rest, IClock clock, ILogger<RelayWatch> log)
{
    /// <summary>Providers renew quotas by the hour or by the day, and don't say when: it is tried again so often.</summary>
    private static readonly Duration QuotaRest = Duration.FromHours(1);

    /// <param name="tenantId">Whose relay it is.</param>
    /// <param name="relay">As it was when it was tried.</param>
    /// <param name="verdict">What follows from what it did.</param>
    /// <param name="said">Its reply, or the fault in words.</param>
    public void Note(Guid tenantId, Relay relay, DeliveryVerdict verdict, string said)
    {
        switch (verdict.Action)
        {
            case DeliveryAction.RelayFault:
                if (rest.Begin(relay.RelayId))
                    Write(tenantId, relay, transaction => RelayStandingStore.NoteFaultAsync(transaction, relay.RelayId));
                break;
            case DeliveryAction.RelaySlowed:
                rest.Begin(relay.RelayId);
                Write(tenantId, relay, transaction => RelayStandingStore.NoteSlowedAsync(transaction, relay.RelayId));
                break;
            case DeliveryAction.RelayQuotaUsed:
                rest.Begin(relay.RelayId);
                Write(tenantId, relay, transaction => RelayStandingStore.NoteQuotaAsync(transaction, relay.RelayId, QuotaRest));
                break;
            case DeliveryAction.RelayPaused:
                rest.Begin(relay.RelayId);
                Write(tenantId, relay, transaction => RelayStandingStore.NotePausedAsync(transaction, relay, said, clock.GetCurrentInstant()));
                break;
            case DeliveryAction.Withdrawn:
                rest.Untried(relay.RelayId);
                break;
            case DeliveryAction.Uncertain:
                break; // says nothing of the next message
            default:
                if (rest.End(relay.RelayId))
                    Write(tenantId, relay, transaction => RelayStandingStore.NoteGoodAsync(transaction, [relay.RelayId]));
                break;
        }
    }

    private void Write(Guid tenantId, Relay relay, Func<TenantTransaction, Task> note) => _ = WriteAsync(tenantId, relay, note);

    private async Task WriteAsync(Guid tenantId, Relay relay, Func<TenantTransaction, Task> note)
    {
        try
        {
            await using var transaction = await database.BeginAsync(tenantId, CancellationToken.None);
            await note(transaction);
            await transaction.CommitAsync();
        }
        catch (Npgsql.NpgsqlException fault)
        {
            // The next attempt finds the relay as it is, and notes it again.
            LogNotNoted(relay.RelayId, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How relay {RelayId} stands can't be noted now: {Reason}")]
    private partial void LogNotNoted(Guid relayId, string reason);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
