using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// One attempt at one delivery, in the order that loses nothing: compose, have a connection, mark `sending` in a
/// transaction that reads consent, suppression and campaign again, commit, talk SMTP with no transaction open, settle.
/// </summary>
internal sealed class DeliveryAttempt(Database database, RelayPools pools, RelayRest rest, SettlementJournal journal, IClock clock)
{
    public async Task RunAsync(DeliveryBatch batch, ClaimedDelivery delivery, CancellationToken ct)
    {
        var relay = batch.RelayFor(delivery);
        if (rest.IsResting(relay.RelayId))
            return; // stays leased; the batch gives back what was not begun
        if (delivery.Email is null || delivery.Attributes is null)
            await journal.SettleAsync(batch, delivery, new Settlement(DeliveryTransition.Cancel, clock.GetCurrentInstant()) { Reason = "recipient_deleted" });
        else if (await ComposeAsync(batch, delivery, relay) is { } message)
        {
            using (message)
                await SendAsync(batch, delivery, relay, message, ct);
        }
    }

    private async Task<OutgoingMessage?> ComposeAsync(DeliveryBatch batch, ClaimedDelivery delivery, Relay relay)
    {
        var now = clock.GetCurrentInstant();
        using var links = batch.LinksOf(delivery);
        var (message, failure) = OutgoingMessage.Compose(
            batch.Campaign, delivery, relay, links, delivery.OnceUncertain ? delivery.SentAt!.Value : now);
        if (message is null)
            await journal.SettleAsync(batch, delivery, new Settlement(DeliveryTransition.Reject, now) { Reason = failure!.Code, SmtpReply = failure.Message });
        else if (delivery.OnceUncertain && !message.Hash.AsSpan().SequenceEqual(delivery.MessageHash))
        {
            message.Dispose();
            await journal.SettleAsync(batch, delivery, new Settlement(DeliveryTransition.Hold, now) { Reason = "no_longer_the_same" });
        }
        else
            return message;
        return null;
    }

    private async Task SendAsync(DeliveryBatch batch, ClaimedDelivery delivery, Relay relay, OutgoingMessage message, CancellationToken ct)
    {
        await using var rental = await pools.Of(relay).RentAsync(ct);
        if (rental.Failure is { } failure)
        {
            rest.Begin(relay.RelayId);
            await journal.SettleAsync(batch, delivery, failure);
            return;
        }
        if (await MarkAsync(batch, delivery, relay, message, ct) != MarkVerdict.Clear)
            return;
        // Marked: from here on nothing but the relay's answer ends it, not even our own shutdown.
        var freshness = new MarkFreshness();
        var result = await rental.SendAsync(message.Source, message.EnvelopeFrom, message.To, freshness.IsFresh, CancellationToken.None);
        if (result.Accepted)
            rest.End(relay.RelayId);
        await journal.SettleAsync(batch, delivery, result);
    }

    private async Task<string> MarkAsync(DeliveryBatch batch, ClaimedDelivery delivery, Relay relay, OutgoingMessage message, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        await using var transaction = await database.BeginAsync(batch.TenantId, ct);
        var verdict = await SettlementStore.MarkAsync(
            transaction, delivery, batch.Lease, new SendingMark(relay.RelayId, message.Date, message.MessageId, message.Hash, now));
        if (MarkVerdict.EndingOf(verdict) is { } ending)
            await SettlementStore.SettleAsync(transaction, delivery, batch.Lease, new Settlement(ending, now) { Reason = verdict });
        await transaction.CommitAsync();
        return verdict;
    }
}

/// <summary>What the marking statement answers (MarkSending.sql).</summary>
internal static class MarkVerdict
{
    public const string Clear = "clear";

    /// <summary>How the delivery ends by it; null where it is marked, or stays for later.</summary>
    public static DeliveryTransition? EndingOf(string verdict) => verdict switch
    {
        "recipient_deleted" or "address_changed" => DeliveryTransition.Cancel,
        "no_consent" or "suppressed" => DeliveryTransition.Suppress,
        _ => null,
    };
}

/// <summary>Promise 2: DATA begins within 2 s of the mark, or not at all (the delivery is then checked and marked again).</summary>
internal sealed class MarkFreshness
{
    private readonly long _markedAt = Environment.TickCount64;

    public bool IsFresh() => Environment.TickCount64 - _markedAt < 2_000;
}
