using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>What a connection has the committer write.</summary>
internal abstract class LedgerEntry(QueuedDelivery queued)
{
    public QueuedDelivery Queued => queued;

    /// <summary>It was written, with what the marks were answered.</summary>
    public abstract void Committed(IReadOnlyDictionary<Guid, string> verdicts, long readAt);

    /// <summary>It can't be written: the lease will tell.</summary>
    public abstract void GiveUp();

    /// <summary>A delivery is about to be handed over.</summary>
    internal sealed class Mark(QueuedDelivery queued, SendingMark mark) : LedgerEntry(queued)
    {
        private readonly TaskCompletionSource<Marked> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SendingMark Row => mark;

        public Task<Marked> Answered => _answer.Task;

        /// <summary>Nobody knows whether it was committed: the answer didn't come.</summary>
        public bool MayStand { get; set; }

        /// <summary>Takes it back where it was committed: nothing was begun before it is answered. Due again at once.</summary>
        public Result TakenBack(Instant now) => new(Queued, new Settlement(mark.DeliveryId, mark.Token, DeliveryTransition.Defer, now)
        {
            Reason = DeliveryOutcome.WithdrawnRule,
            NotBefore = now,
        }, suppress: false);

        public void Answer(string verdict, long readAt = 0) => _answer.TrySetResult(new Marked(verdict, readAt));

        public override void Committed(IReadOnlyDictionary<Guid, string> verdicts, long readAt) =>
            Answer(verdicts.GetValueOrDefault(mark.DeliveryId, MarkVerdict.Unanswered), readAt);

        public override void GiveUp() => Answer(MarkVerdict.Unanswered);
    }

    /// <summary>An attempt has ended.</summary>
    internal sealed class Result(QueuedDelivery queued, Settlement settlement, bool suppress, Judgement? judgement = null) : LedgerEntry(queued)
    {
        public Settlement Row => settlement;

        /// <summary>Whether the address doesn't exist.</summary>
        public bool Suppress => suppress;

        /// <summary>What the mail domain made of the message; null where nobody judged it.</summary>
        public Judgement? Judgement => judgement;

        /// <summary>With which others it is counted.</summary>
        public PolicyWindow? Window => judgement is null
            ? null
            : new(Queued.Batch.TenantId, Queued.Batch.Campaign.CampaignId, judgement.Relay.RelayId, Queued.Delivery.MailDomain);

        public override void Committed(IReadOnlyDictionary<Guid, string> verdicts, long readAt) => Queued.Done(DoneWith.Settled);

        public override void GiveUp() => Queued.Done(DoneWith.Abandoned);
    }
}

/// <summary>A message was judged for itself: taken, deferred or refused, and not us or the relay.</summary>
/// <param name="Relay">Through which.</param>
/// <param name="RefusedAsPolicy">Refused as policy or spam.</param>
internal sealed record Judgement(Relay Relay, bool RefusedAsPolicy);
