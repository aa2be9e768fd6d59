using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Events;

/// <summary>
/// Reads the log in its order. What belongs to an event is looked up by key, so that no plan of a page depends on how
/// much there is.
/// </summary>
internal static class EventFeed
{
    private const string Columns = """
        e.event_id AS id, e.type, e.at, e.campaign_id, e.delivery_id, e.recipient_id, e.class, e.reason, e.url, e.link_index, e.import_id, e.relay_id, e.ip_country, e.sequence,
        (SELECT d.email FROM deliveries d WHERE d.tenant_id = @TenantId AND d.delivery_id = e.delivery_id) AS email,
        CASE WHEN e.type = 'delivery.replied' THEN (
            SELECT greatest(0, extract(epoch FROM e.at - d.sent_at))::bigint FROM deliveries d
            WHERE d.tenant_id = @TenantId AND d.delivery_id = e.delivery_id) END AS response_seconds
        """;

    /// <summary>The number of the newest event; 0 where there is none.</summary>
    public static async Task<long> LastSequenceAsync(TenantTransaction transaction) =>
        await transaction.QueryFirstOrDefaultAsync<long?>(
            "SELECT last_sequence FROM event_sequences WHERE tenant_id = @TenantId", new { transaction.TenantId }) ?? 0;

    /// <summary>Events after one number and up to another, which must have been read before: whatever is numbered up to it is visible.</summary>
    public static Task<IReadOnlyList<EventView>> ReadAsync(
        TenantTransaction transaction, long after, long through, string? type, int limit) => transaction.QueryAsync<EventView>($"""
        SELECT {Columns}
        FROM events e
        WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through AND (@type::text IS NULL OR e.type = @type)
        ORDER BY e.sequence LIMIT @limit
        """, new { transaction.TenantId, after, through, type, limit });

    /// <summary>These events, each by its id and the instant of its receipt; those that are no longer kept are left out.</summary>
    public static Task<IReadOnlyList<EventView>> FindAsync(TenantTransaction transaction, IReadOnlyCollection<(Guid Id, Instant ReceivedAt)> events) =>
        transaction.QueryAsync<EventView>($"""
            SELECT {Columns}
            FROM unnest(@ids, @receipts) AS w (event_id, received_at)
            CROSS JOIN LATERAL (
                SELECT * FROM events WHERE tenant_id = @TenantId AND event_id = w.event_id AND received_at = w.received_at LIMIT 1) e
            """, new { transaction.TenantId, ids = events.Select(e => e.Id).ToArray(), receipts = events.Select(e => e.ReceivedAt).ToArray() });

    /// <summary>What happened to one person and to their deliveries.</summary>
    public static Task<IReadOnlyList<EventView>> OfRecipientAsync(TenantTransaction transaction, Guid recipientId, long after, int limit) =>
        transaction.QueryAsync<EventView>(OfRecipient, new { transaction.TenantId, recipientId, after, limit });

    /// <summary>All of it, the oldest first.</summary>
    public static IAsyncEnumerable<EventView> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) =>
        transaction.StreamAsync<EventView>(OfRecipient, new { transaction.TenantId, recipientId, after = 0L, limit = (int?)null });

    private const string OfRecipient = $"""
        WITH own AS MATERIALIZED (
            SELECT {Columns}
            FROM deliveries o
            CROSS JOIN LATERAL (
                SELECT * FROM events WHERE tenant_id = @TenantId AND delivery_id = o.delivery_id AND sequence > @after OFFSET 0) AS e
            WHERE o.tenant_id = @TenantId AND o.recipient_id = @recipientId
            UNION ALL
            SELECT {Columns}
            FROM events e
            WHERE e.tenant_id = @TenantId AND e.recipient_id = @recipientId AND e.delivery_id IS NULL AND e.sequence > @after
        )
        SELECT * FROM own ORDER BY sequence LIMIT @limit
        """;
}
