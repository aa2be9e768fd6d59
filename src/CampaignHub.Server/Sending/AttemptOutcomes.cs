using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// What follows from what a relay did, by Core's one table: for the delivery, its relay, and its campaign.
/// </summary>
internal sealed class AttemptOutcomes(LedgerCommitter ledger, CampaignBrake brake, RelayWatch watch, RelayRest rest, Settings settings, IClock clock)
{
    private readonly RetrySchedule _retries = settings.Retries.Schedule;

    public void Settle(QueuedDelivery queued, Relay relay, SmtpResult result)
    {
        var verdict = DeliveryOutcome.Decide(result.Exchange);
        ledger.Settle(queued, SettlementOf(queued, relay, result, verdict), verdict.Suppress, verdict.IsAboutThePerson ? new(relay, verdict.Rule == DeliveryOutcome.PolicyRule) : null);
        watch.Note(queued.Batch.TenantId, relay, verdict, Reply(result));
        if (verdict.Action == DeliveryAction.CampaignPaused)
            brake.Pull(queued.Batch, $"The relay {relay.Name} refuses the sender: {Reply(result)}");
    }

    /// <summary>When a resend whose relay rests is tried again; null where no retry is left.</summary>
    public Instant? NextThroughItsRelay(QueuedDelivery queued) => Next(queued, clock.GetCurrentInstant(), counts: false);

    private Settlement SettlementOf(QueuedDelivery queued, Relay relay, SmtpResult result, DeliveryVerdict verdict)
    {
        var now = clock.GetCurrentInstant();
        var delivery = queued.Delivery;
        var settlement = new Settlement(delivery.DeliveryId, queued.Batch.Hold.Lease.Token, verdict.Transition ?? DeliveryTransition.Defer, now)
        {
            SmtpReply = Reply(result),
            Reason = verdict.Rule,
            CountsAttempt = verdict.CountsAttempt,
        };
        if (settlement.Transition != DeliveryTransition.Defer)
            return settlement;
        if (verdict.Action == DeliveryAction.Withdrawn)
            return settlement with { NotBefore = queued.Batch.Campaign.Hours.NextAllowed(delivery, now) }; // nobody is at fault: whoever claims it next sends it
        var next = Next(queued, now, verdict.CountsAttempt);
        if (next is null)
            return settlement with { Transition = verdict.WhenExhausted };
        return settlement with { NotBefore = HasAnotherWay(queued, relay, verdict) ? queued.Batch.Campaign.Hours.NextAllowed(delivery, now) : next };
    }

    private Instant? Next(QueuedDelivery queued, Instant now, bool counts)
    {
        var delivery = queued.Delivery;
        return _retries.Next(
            delivery.DeliveryId, delivery.Attempts + (counts ? 1 : 0), delivery.FirstAttemptAt ?? now, now, relayFault: !counts,
            at => queued.Batch.Campaign.Hours.NextAllowed(delivery, at));
    }

    /// <summary>
    /// The relay alone is at fault, and rests now: whoever claims the delivery next sends it through another. A resend waits for the
    /// relay that it went through, whose own headers are part of its bytes.
    /// </summary>
    private bool HasAnotherWay(QueuedDelivery queued, Relay relay, DeliveryVerdict verdict) =>
        verdict.Action is DeliveryAction.RelayFault or DeliveryAction.RelaySlowed or DeliveryAction.RelayQuotaUsed or DeliveryAction.RelayPaused
        && !queued.Delivery.OnceUncertain && queued.Batch.Means.Awake(rest).Any(other => other.RelayId != relay.RelayId);

    private static string Reply(SmtpResult result) => result.Code is { } code ? $"{code} {result.Text}" : result.Text;
}
