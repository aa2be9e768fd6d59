using System.Diagnostics;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// One attempt at one delivery, in the order that loses nothing: compose, have a connection, mark `sending` in a
/// transaction that reads consent, suppression and campaign again, commit, talk SMTP with no transaction open, settle.
/// </summary>
internal sealed class DeliveryAttempt(RelayPools pools, LedgerCommitter ledger, AttemptOutcomes outcomes, RelayRest rest, IClock clock)
{
    public async Task RunAsync(QueuedDelivery queued, Relay relay)
    {
        var delivery = queued.Delivery;
        using var trace = Traces.BeginApart("deliver", queued.Batch.TenantId)?
            .SetTag("campaignhub.campaign_id", queued.Batch.Campaign.CampaignId).SetTag("campaignhub.delivery_id", delivery.DeliveryId);
        if (delivery.Email is null || delivery.Attributes is null)
            Settle(queued, DeliveryTransition.Cancel, "recipient_deleted");
        else if (QuietUntil(queued) is { } morning)
            queued.Done(DoneWith.NotBegun, morning);
        else if (Compose(queued, relay) is { } message)
        {
            using (message)
                await SendAsync(queued, relay, message);
            return;
        }
        rest.Untried(relay.RelayId);
    }

    private OutgoingMessage? Compose(QueuedDelivery queued, Relay relay)
    {
        var (batch, delivery) = queued;
        using var links = batch.LinksOf(delivery);
        var (message, failure) = OutgoingMessage.Compose(
            batch.Campaign, delivery, relay, batch.Means.Senders, links, delivery.OnceUncertain ? delivery.SentAt!.Value : clock.GetCurrentInstant(), batch.Means.Signer);
        if (message is null)
            Settle(queued, DeliveryTransition.Reject, failure!.Code, failure.Message);
        else if (delivery.OnceUncertain && !message.Hash.AsSpan().SequenceEqual(delivery.MessageHash))
        {
            message.Dispose();
            Settle(queued, DeliveryTransition.Hold, "no_longer_the_same");
        }
        else
            return message;
        return null;
    }

    private async Task SendAsync(QueuedDelivery queued, Relay relay, OutgoingMessage message)
    {
        await using var rental = await pools.Of(relay).RentAsync(CancellationToken.None);
        if (rental.Failure is { } failure)
            outcomes.Settle(queued, relay, failure);
        else
            await HandOverAsync(queued, relay, message, rental);
    }

    private async Task HandOverAsync(QueuedDelivery queued, Relay relay, OutgoingMessage message, SmtpRental rental)
    {
        var hold = queued.Batch.Hold;
        var mark = new SendingMark(
            queued.Delivery.DeliveryId, hold.Lease.Token, relay.RelayId, message.Date, message.MessageId, message.Hash)
        {
            RecipientId = queued.Delivery.RecipientId,
            Cap = queued.Batch.Means.Cap,
            HasWish = queued.Delivery.MaxFrequency is not null,
            Zone = SendingHours.ZoneOf(queued.Delivery),
        };
        var marked = await ledger.MarkAsync(queued, mark);
        if (marked.Verdict != MarkVerdict.Clear)
        {
            NotMarked(queued, relay, mark, marked.Verdict);
            return;
        }
        queued.Begun();
        // Marked: from here on nothing but the relay's answer ends it, not even our own shutdown.
        var leave = new SendingLeave { MayBeginData = MayBeginDataAsync, MayFinish = () => hold.IsHeld };
        SmtpResult result;
        using (var call = Traces.BeginCall("SMTP", relay.Host, relay.Port))
        {
            result = await rental.SendAsync(message.Source, message.EnvelopeFrom, message.To, leave, CancellationToken.None);
            call?.SetTag("smtp.reply", result.Code);
        }
        outcomes.Settle(queued, relay, result);

        // A relay may take its time before DATA over every message: it is marked again in the midst of the dialogue. What is no longer
        // allowed then is withdrawn, and due again at once: the next mark tells what becomes of it.
        async ValueTask<bool> MayBeginDataAsync()
        {
            if (!marked.IsFresh)
                marked = await ledger.MarkAsync(queued, mark);
            return marked is { Verdict: MarkVerdict.Clear, IsFresh: true } && hold.IsHeld && QuietUntil(queued) is null;
        }
    }

    /// <summary>When the recipient's quiet hours end; null while mail may arrive.</summary>
    private Instant? QuietUntil(QueuedDelivery queued)
    {
        var now = clock.GetCurrentInstant();
        return queued.Batch.Campaign.Hours.NextAllowed(queued.Delivery, now) is var next && next > now ? next : null;
    }

    private void NotMarked(QueuedDelivery queued, Relay relay, SendingMark mark, string verdict)
    {
        rest.Untried(relay.RelayId);
        if (verdict == MarkVerdict.CampaignNotSending)
            queued.Batch.Stop();
        if (mark.EndingBy(verdict) is { } ending)
        {
            Settle(queued, ending, verdict);
            return;
        }
        Instant? tomorrow = verdict is MarkVerdict.FrequencyCap or MarkVerdict.FrequencyWish ? queued.Batch.Campaign.Hours.NextDay(queued.Delivery, clock.GetCurrentInstant()) : null;
        queued.Done(verdict switch
        {
            MarkVerdict.Unanswered => DoneWith.Abandoned,
            MarkVerdict.LeaseLost => DoneWith.Settled,
            _ => DoneWith.NotBegun,
        }, tomorrow);
    }

    private void Settle(QueuedDelivery queued, DeliveryTransition transition, string reason, string? text = null) =>
        ledger.Settle(queued, new Settlement(queued.Delivery.DeliveryId, queued.Batch.Hold.Lease.Token, transition, clock.GetCurrentInstant())
        {
            Reason = reason,
            SmtpReply = text,
        });
}

/// <summary>The answer to a mark.</summary>
/// <param name="Verdict">One of <see cref="MarkVerdict"/>'s words.</param>
/// <param name="ReadAt">The monotonic clock before consent, suppression and campaign were read.</param>
internal sealed record Marked(string Verdict, long ReadAt)
{
    /// <summary>Promise 2: DATA begins within 2 s of the mark, or what allowed it is read again.</summary>
    public bool IsFresh => Stopwatch.GetElapsedTime(ReadAt) < TimeSpan.FromSeconds(2);
}
