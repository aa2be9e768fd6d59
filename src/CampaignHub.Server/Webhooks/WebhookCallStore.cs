using CampaignHub.Core.Webhooks;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>Writes and reads the calls of webhooks; nothing else does.</summary>
internal static class WebhookCallStore
{
    /// <summary>How long calls that are over stay to be read.</summary>
    public static readonly Duration Kept = Duration.FromDays(30);

    /// <summary>Makes a call of each event; one that is there already stays as it is.</summary>
    public static Task InsertAsync(TenantTransaction transaction, Guid webhookId, IReadOnlyCollection<EventView> events, Instant now) => transaction.ExecuteAsync("""
        INSERT INTO webhook_calls (tenant_id, webhook_id, event_id, received_at, type, state, next_attempt_at)
        SELECT @TenantId, @webhookId, e.event_id, e.received_at, e.type, 'pending', @now
        FROM events e WHERE e.tenant_id = @TenantId AND e.sequence = ANY (@sequences)
        ON CONFLICT DO NOTHING
        """, new { transaction.TenantId, webhookId, now, sequences = events.Select(e => e.Sequence).ToArray() });

    /// <summary>Takes calls that are due, for as long as the lease lasts.</summary>
    public static Task<IReadOnlyList<WebhookCall>> ClaimAsync(TenantTransaction transaction, Guid webhookId, int most, int leaseSeconds, Instant now) =>
        transaction.QueryAsync<WebhookCall>("""
            WITH due AS (
                SELECT event_id FROM webhook_calls
                WHERE tenant_id = @TenantId AND webhook_id = @webhookId AND state = 'pending' AND next_attempt_at <= @now
                  AND (leased_until IS NULL OR leased_until < clock_timestamp())
                ORDER BY next_attempt_at, event_id LIMIT @most FOR UPDATE SKIP LOCKED
            )
            UPDATE webhook_calls c SET leased_until = clock_timestamp() + make_interval(secs => @leaseSeconds)
            FROM due WHERE c.tenant_id = @TenantId AND c.webhook_id = @webhookId AND c.event_id = due.event_id
            RETURNING c.event_id, c.received_at, c.type, c.attempts
            """, new { transaction.TenantId, webhookId, most, leaseSeconds, now });

    /// <summary>Notes how calls went.</summary>
    public static Task SettleAsync(TenantTransaction transaction, Guid webhookId, IReadOnlyCollection<SettledCall> calls, Instant now) => transaction.ExecuteAsync("""
        UPDATE webhook_calls c
        SET state = s.state, attempts = c.attempts + 1, next_attempt_at = s.next, leased_until = NULL, last_attempt_at = @now, last_status = s.status, last_fault = s.fault
        FROM unnest(@ids, @states, @nexts::timestamptz[], @statuses, @faults) AS s (event_id, state, next, status, fault)
        WHERE c.tenant_id = @TenantId AND c.webhook_id = @webhookId AND c.event_id = s.event_id AND c.state = 'pending'
        """, new
    {
        transaction.TenantId,
        webhookId,
        now,
        ids = calls.Select(c => c.EventId).ToArray(),
        states = calls.Select(c => c.State).ToArray(),
        nexts = calls.Select(c => c.NextAttemptAt).ToArray(),
        statuses = calls.Select(c => c.Answer.Status).ToArray(),
        faults = calls.Select(c => c.Answer.Fault).ToArray(),
    });

    public static Task<IReadOnlyList<WebhookCallView>> ListAsync(TenantTransaction transaction, Guid webhookId, string? state, Guid? before, int limit) =>
        transaction.QueryAsync<WebhookCallView>("""
            SELECT event_id AS id, type, state, attempts, next_attempt_at, last_attempt_at, last_status, last_fault
            FROM webhook_calls
            WHERE tenant_id = @TenantId AND webhook_id = @webhookId AND (@state::text IS NULL OR state = @state) AND (@before::uuid IS NULL OR event_id < @before)
            ORDER BY event_id DESC LIMIT @limit
            """, new { transaction.TenantId, webhookId, state, before, limit });

    /// <summary>Makes one call, or all that have failed for good, due again with tries as at first; how many.</summary>
    public static Task<int> RedeliverAsync(TenantTransaction transaction, Guid webhookId, Guid? eventId, Instant now) => transaction.ExecuteAsync("""
        UPDATE webhook_calls SET state = 'pending', attempts = 0, next_attempt_at = @now, leased_until = NULL
        WHERE tenant_id = @TenantId AND webhook_id = @webhookId
          AND CASE WHEN @eventId::uuid IS NULL THEN state = 'failed' ELSE event_id = @eventId END
        """, new { transaction.TenantId, webhookId, eventId, now });

    public static Task ForgetOldAsync(TenantTransaction transaction, Instant now) => transaction.ExecuteAsync("""
        DELETE FROM webhook_calls c
        USING (SELECT webhook_id, event_id FROM webhook_calls WHERE tenant_id = @TenantId AND state <> 'pending' AND received_at < @before LIMIT 5000) old
        WHERE c.tenant_id = @TenantId AND c.webhook_id = old.webhook_id AND c.event_id = old.event_id
        """, new { transaction.TenantId, before = now - Kept });
}

/// <summary>A call to be made.</summary>
internal sealed record WebhookCall
{
    public Guid EventId { get; init; }
    public Instant ReceivedAt { get; init; }
    public string Type { get; init; } = "";
    public int Attempts { get; init; }
}

/// <summary>A call that was made, and what follows.</summary>
internal sealed record SettledCall(Guid EventId, WebhookAnswer Answer, Instant? NextAttemptAt)
{
    public string State => Answer.Verdict == WebhookVerdict.Delivered ? "delivered" : NextAttemptAt is null ? "failed" : "pending";
}

/// <summary>A call to a webhook, and how it went.</summary>
public sealed record WebhookCallView
{
    /// <summary>The event's id, which is also the call's: its header <c>webhook-id</c>, the same each time.</summary>
    public Guid Id { get; init; }

    /// <summary>The event's type.</summary>
    public string Type { get; init; } = "";

    /// <summary><c>pending</c>, <c>delivered</c> or <c>failed</c>: ten tries were in vain.</summary>
    public string State { get; init; } = "";

    /// <summary>Tries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next; null once it is over.</summary>
    public Instant? NextAttemptAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public Instant? LastAttemptAt { get; init; }

    /// <summary>The HTTP status of the last answer; null where there was none.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong last; null where nothing did.</summary>
    public string? LastFault { get; init; }
}
