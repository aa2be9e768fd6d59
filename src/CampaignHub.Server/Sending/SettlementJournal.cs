using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Writes how an attempt ended, with its event and what else follows, in one transaction. Keeps trying while the
/// database is away: a result in hand must not be lost.
/// </summary>
internal sealed partial class SettlementJournal(Database database, SendingMetrics metrics, IClock clock, ILogger<SettlementJournal> log)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <summary>Longer than the lease: after that the sweeper has made it uncertain anyway.</summary>
    private const int Tries = 2 * Lease.Seconds;

    public Task SettleAsync(DeliveryBatch batch, ClaimedDelivery delivery, SmtpResult result)
    {
        var now = clock.GetCurrentInstant();
        var verdict = DeliveryOutcome.Decide(result.Exchange);
        return SettleAsync(batch, delivery, SettlementOf(delivery, result, verdict, now), verdict.Suppress);
    }

    public async Task SettleAsync(DeliveryBatch batch, ClaimedDelivery delivery, Settlement settlement, bool suppress = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteAsync(batch, delivery, settlement, suppress);
                return;
            }
            catch (Npgsql.NpgsqlException fault) when (attempt < Tries && fault.IsTransient)
            {
                LogRetry(delivery.DeliveryId, fault.Message);
                await Task.Delay(RetryEvery);
            }
        }
    }

    private async Task WriteAsync(DeliveryBatch batch, ClaimedDelivery delivery, Settlement settlement, bool suppress)
    {
        await using var transaction = await database.BeginAsync(batch.TenantId, CancellationToken.None);
        if (!await SettlementStore.SettleAsync(transaction, delivery, batch.Lease, settlement))
            return; // fenced: the lease passed to somebody else, whose word counts
        if (EventOf(batch, delivery, settlement) is { } happened)
            await EventLog.AppendAsync(transaction, [happened], settlement.Now);
        if (suppress)
            await Audience.SuppressionStore.SuppressRecipientAsync(transaction, delivery.RecipientId, SuppressionReason.UnknownRecipient, "bounce", settlement.Now);
        await transaction.CommitAsync();
        metrics.Settled(settlement.Transition);
    }

    private static Settlement SettlementOf(ClaimedDelivery delivery, SmtpResult result, DeliveryVerdict verdict, Instant now)
    {
        var settlement = new Settlement(verdict.Transition ?? DeliveryTransition.Defer, now)
        {
            SmtpReply = result.Code is { } code ? $"{code} {result.Text}" : result.Text,
            Reason = verdict.Rule,
            CountsAttempt = verdict.CountsAttempt,
        };
        if (settlement.Transition != DeliveryTransition.Defer)
            return settlement;
        var next = RetrySchedule.Default.Next(
            delivery.DeliveryId, delivery.Attempts + (verdict.CountsAttempt ? 1 : 0), delivery.FirstAttemptAt ?? now, now, relayFault: !verdict.CountsAttempt);
        return next is null ? settlement with { Transition = verdict.WhenExhausted } : settlement with { NotBefore = next };
    }

    private static Event? EventOf(DeliveryBatch batch, ClaimedDelivery delivery, Settlement settlement)
    {
        var type = settlement.Transition switch
        {
            DeliveryTransition.Accept => EventTypes.Accepted,
            DeliveryTransition.Defer => EventTypes.Deferred,
            DeliveryTransition.Reject => EventTypes.Rejected,
            _ => null,
        };
        return type is null ? null : new Event(type, settlement.Now)
        {
            CampaignId = batch.Campaign.CampaignId,
            DeliveryId = delivery.DeliveryId,
            RecipientId = delivery.RecipientId,
            Reason = type == EventTypes.Accepted ? null : settlement.Reason,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The result of delivery {DeliveryId} can't be stored yet and is kept: {Reason}")]
    private partial void LogRetry(Guid deliveryId, string reason);
}
