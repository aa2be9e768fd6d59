using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>The ledger's side of one message: marked before MAIL FROM, settled after the answer. Fenced by the lease.</summary>
internal static class SettlementStore
{
    /// <summary>
    /// Marks a delivery `sending`, if the campaign still sends, the person still consents, and nothing suppresses the
    /// address: read in the very transaction that marks. Answers <c>clear</c>, or why it was not marked.
    /// </summary>
    public static Task<string> MarkAsync(TenantTransaction transaction, ClaimedDelivery delivery, Lease lease, SendingMark mark) =>
        transaction.QuerySingleAsync<string>(SqlFiles.Read("MarkSending"), new
        {
            transaction.TenantId,
            delivery.DeliveryId,
            lease.Token,
            mark.RelayId,
            mark.SentAt,
            mark.MessageId,
            mark.MessageHash,
            mark.Now,
            leaseSeconds = Lease.Seconds,
            to = DeliveryTransition.MarkSending.ToWord(),
            from = DeliveryTransition.MarkSending.FromWords(),
        });

    /// <summary>Ends an attempt. False: the lease is no longer ours, and nothing was written.</summary>
    public static async Task<bool> SettleAsync(TenantTransaction transaction, ClaimedDelivery delivery, Lease lease, Settlement settlement)
    {
        var transition = DeliveryStateMachine.Ending(settlement.Transition, delivery.OnceUncertain);
        return await transaction.ExecuteAsync("""
            UPDATE deliveries
            SET state = @to, attempts = attempts + @counted, not_before = @NotBefore, smtp_reply = coalesce(@SmtpReply, smtp_reply),
                reason = @Reason, lease_token = NULL, lease_until = NULL, node_id = NULL, updated_at = @Now
            WHERE tenant_id = @TenantId AND delivery_id = @DeliveryId AND lease_token = @Token AND state = ANY (@from)
            """, new
        {
            transaction.TenantId,
            delivery.DeliveryId,
            lease.Token,
            settlement.NotBefore,
            settlement.SmtpReply,
            settlement.Reason,
            settlement.Now,
            counted = settlement.CountsAttempt ? 1 : 0,
            to = transition.ToWord(),
            from = transition.FromWords(),
        }) == 1;
    }
}

/// <summary>What is written when a delivery is marked `sending`.</summary>
internal sealed record SendingMark(Guid RelayId, Instant SentAt, string MessageId, byte[] MessageHash, Instant Now);

/// <summary>How an attempt ended.</summary>
internal sealed record Settlement(DeliveryTransition Transition, Instant Now)
{
    public string? SmtpReply { get; init; }

    /// <summary>A stable word.</summary>
    public string? Reason { get; init; }

    public Instant? NotBefore { get; init; }

    public bool CountsAttempt { get; init; }
}
