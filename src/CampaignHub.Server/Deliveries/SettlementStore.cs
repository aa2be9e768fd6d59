using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>
/// The ledger's side of messages: marked before MAIL FROM, settled after the answer, many at once. Every row is fenced by
/// its lease's token.
/// </summary>
internal static class SettlementStore
{
    /// <summary>
    /// Marks a tenant's deliveries `sending`, where the campaign still sends, the person still consents, and nothing
    /// suppresses the address: read in the very transaction that marks. Answers <see cref="MarkVerdict"/>'s words.
    /// </summary>
    /// <remarks>
    /// A person whose messages are capped, by the tenant or by themselves, is marked for by one transaction at a time, whose marks the next
    /// one sees. No statement sees its own: of several marks for one person each is a call of its own.
    /// </remarks>
    public static List<(Guid DeliveryId, string Verdict)> Mark(StatementBatch batch, Guid tenantId, IReadOnlyCollection<SendingMark> marks, Instant now)
    {
        if (marks.Where(m => m.IsCapped).Select(m => m.RecipientId).ToArray() is { Length: > 0 } capped)
            batch.Add(LockPeople, _ => 0, ("TenantId", tenantId), ("recipientIds", capped));
        return batch.Add(
            SqlFiles.Read("MarkSending"),
            row => (row.GetGuid(0), row.GetString(1)),
            ("TenantId", tenantId),
            ("deliveryIds", marks.Select(m => m.DeliveryId).ToArray()),
            ("tokens", marks.Select(m => m.Token).ToArray()),
            ("relayIds", marks.Select(m => m.RelayId).ToArray()),
            ("sentAts", marks.Select(m => m.SentAt).ToArray()),
            ("messageIds", marks.Select(m => m.MessageId).ToArray()),
            ("messageHashes", marks.Select(m => m.MessageHash).ToArray()),
            ("capMessages", marks.Select(m => m.Cap?.Messages).ToArray()),
            ("capsSince", marks.Select(m => m.Cap is { } cap ? now - cap.Per : now).ToArray()),
            ("days", marks.Select(m => MaxFrequency.Daily.Since(now, m.Zone)).ToArray()),
            ("weeks", marks.Select(m => MaxFrequency.Weekly.Since(now, m.Zone)).ToArray()),
            ("now", now),
            ("to", DeliveryTransition.MarkSending.ToWord()),
            ("from", DeliveryTransition.MarkSending.FromWords()));
    }

    /// <summary>
    /// Takes a tenant's deliveries through one transition and answers whose it was allowed for: a lease that is no longer
    /// ours, or another state, leaves a row as it is, and its event unwritten. An acceptance counts late too, as long as no
    /// resend has been claimed.
    /// </summary>
    public static List<Guid> Settle(
        StatementBatch batch, Guid tenantId, DeliveryTransition transition, IReadOnlyCollection<Settlement> settlements, IReadOnlyCollection<Event> events, Instant now) =>
        batch.Add(
            SettleRows,
            row => row.GetGuid(0),
            [.. EventLog.ValuesOf(events, now),
            ("TenantId", tenantId),
            ("deliveryIds", settlements.Select(s => s.DeliveryId).ToArray()),
            ("tokens", settlements.Select(s => s.Token).ToArray()),
            ("counted", settlements.Select(s => s.CountsAttempt ? 1 : 0).ToArray()),
            ("notBefores", settlements.Select(s => transition == DeliveryTransition.Lose ? s.Now : s.NotBefore).ToArray()),
            ("smtpReplies", settlements.Select(s => s.SmtpReply).ToArray()),
            ("reasons", settlements.Select(s => s.Reason).ToArray()),
            ("nows", settlements.Select(s => s.Now).ToArray()),
            ("to", transition.ToWord()),
            ("from", transition == DeliveryTransition.Accept ? [.. transition.FromWords(), .. DeliveryTransition.LateAccept.FromWords()] : transition.FromWords())]);

    // In one order for all, so that no two wait for each other.
    private const string LockPeople = """
        SELECT pg_advisory_xact_lock(key) FROM (
            SELECT DISTINCT hashtextextended('cap ' || @TenantId || id, 0) AS key FROM unnest(@recipientIds) AS id ORDER BY key) AS people
        """;

    // Ids beside the join: whatever the planner knows of the ledger, it finds the rows by their key.
    // The token stays: by it a late answer of the same attempt is known, until another claim takes the row.
    private const string SettleRows = $"""
        WITH written AS (
            UPDATE deliveries d
            SET state = @to, attempts = d.attempts + s.counted, not_before = s.not_before,
                smtp_reply = coalesce(s.smtp_reply, d.smtp_reply), reason = s.reason, updated_at = s.at
            FROM unnest(@deliveryIds, @tokens, @counted, @notBefores::timestamptz[], @smtpReplies::text[], @reasons::text[], @nows::timestamptz[])
                AS s (delivery_id, token, counted, not_before, smtp_reply, reason, at)
            WHERE d.tenant_id = @TenantId AND d.delivery_id = ANY (@deliveryIds) AND d.delivery_id = s.delivery_id
              AND (is_held(d.state, d.not_before, d.lease_token, s.token)
                   OR d.lease_token = s.token AND (d.state IN ('uncertain', 'held')
                       OR @to = 'accepted' AND d.state = 'scheduled' AND d.resends > 0 AND d.not_before IS NOT NULL))
              AND d.state = ANY (@from)
            RETURNING d.delivery_id
        ), logged AS (
            {EventLog.AppendOfWritten}
        )
        SELECT delivery_id FROM written
        """;
}

/// <summary>What is written when a delivery is marked `sending`.</summary>
internal sealed record SendingMark(Guid DeliveryId, Guid Token, Guid RelayId, Instant SentAt, string MessageId, byte[] MessageHash)
{
    public Guid RecipientId { get; init; }

    /// <summary>How often the person may be mailed; null: as often as there are campaigns.</summary>
    public FrequencyCap? Cap { get; init; }

    /// <summary>The person wanted to be mailed seldom, when the delivery was claimed. What they want now is read by the statement that marks.</summary>
    public bool HasWish { get; init; }

    /// <summary>By whose calendar their days are counted.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;

    public bool IsCapped => Cap is not null || HasWish;

    /// <summary>How the delivery ends by what the marking found; null where it is marked, or stays for later.</summary>
    public DeliveryTransition? EndingBy(string verdict) => verdict switch
    {
        "recipient_deleted" or "address_changed" => DeliveryTransition.Cancel,
        "no_consent" or "suppressed" => DeliveryTransition.Suppress,
        MarkVerdict.FrequencyCap or MarkVerdict.FrequencyWish => Cap is null or { WhenCapped: WhenCapped.Skip } ? DeliveryTransition.Suppress : null,
        _ => null,
    };
}

/// <summary>How an attempt ended.</summary>
internal sealed record Settlement(Guid DeliveryId, Guid Token, DeliveryTransition Transition, Instant Now)
{
    public string? SmtpReply { get; init; }

    /// <summary>A stable word.</summary>
    public string? Reason { get; init; }

    public Instant? NotBefore { get; init; }

    public bool CountsAttempt { get; init; }
}

/// <summary>What the marking statement answers (MarkSending.sql).</summary>
internal static class MarkVerdict
{
    public const string Clear = "clear";

    /// <summary>Somebody else holds the delivery, or it has ended: not ours to write.</summary>
    public const string LeaseLost = "lease_lost";

    /// <summary>Nobody has answered, since the mark couldn't be written or wasn't asked for any more.</summary>
    public const string Unanswered = "unanswered";

    public const string CampaignNotSending = "campaign_not_sending";

    /// <summary>The person has had as many messages as the mark's cap allows.</summary>
    public const string FrequencyCap = "frequency_cap";

    /// <summary>The person has had as many messages as they want.</summary>
    public const string FrequencyWish = "frequency_wish";
}
