using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Events;

/// <summary>
/// The append-only log. A room appends in the transaction of the fact; the sequencer then numbers what has committed,
/// so that the numbers follow the order of commits and a reader with a cursor misses nothing. Nothing of an event changes but
/// who stood behind a hit, which can be judged again.
/// </summary>
public static class EventLog
{
    private const int SequenceBatch = 1_000;

    public static async Task AppendAsync(TenantTransaction transaction, IReadOnlyCollection<Event> events, Instant now)
    {
        var batch = transaction.Batch();
        Append(batch, transaction.TenantId, events, now);
        await batch.RunAsync();
    }

    /// <summary>The same as part of a batch.</summary>
    public static void Append(StatementBatch batch, Guid tenantId, IReadOnlyCollection<Event> events, Instant now)
    {
        if (events.Count == 0)
            return;
        batch.Add(Insert, [("TenantId", tenantId), .. ValuesOf(events, now)]);
    }

    /// <summary>
    /// The append as part of a statement that writes deliveries: of those events alone whose delivery is in its CTE
    /// <c>written</c>. Give it <see cref="ValuesOf"/> beside <c>TenantId</c>.
    /// </summary>
    public const string AppendOfWritten = Insert + " WHERE e.delivery_id IN (SELECT delivery_id FROM written)";

    /// <summary>What the append takes.</summary>
    public static (string Name, object Value)[] ValuesOf(IReadOnlyCollection<Event> events, Instant now) =>
    [
        // In order, also of one millisecond: the log keeps the order in which they are given.
        ("ids", events.Select(_ => Guid.CreateVersion7()).Order().ToArray()),
        ("receipts", events.Select(e => e.ReceivedAt ?? now).ToArray()),
        ("types", events.Select(e => e.Type).ToArray()),
        ("ats", events.Select(e => e.At).ToArray()),
        ("campaigns", events.Select(e => e.CampaignId).ToArray()),
        ("deliveries", events.Select(e => e.DeliveryId).ToArray()),
        ("recipients", events.Select(e => e.RecipientId).ToArray()),
        ("classes", events.Select(e => e.Class).ToArray()),
        ("eventReasons", events.Select(e => e.Reason).ToArray()),
        ("urls", events.Select(e => e.Url).ToArray()),
        ("links", events.Select(e => e.LinkIndex).ToArray()),
        ("imports", events.Select(e => e.ImportId).ToArray()),
        ("eventRelays", events.Select(e => e.RelayId).ToArray()),
        ("countries", events.Select(e => e.IpCountry).ToArray()),
    ];

    /// <summary>
    /// Corrects what numbered events say of who stood behind a hit. They stay the events that they are, at their place: whoever
    /// reads the log with a cursor gets none of them once more.
    /// </summary>
    public static async Task CorrectAsync(
        TenantTransaction transaction, IReadOnlyCollection<(Guid Id, Instant ReceivedAt, string Class, string Reason)> events)
    {
        foreach (var alike in events.GroupBy(e => (e.Class, e.Reason)))
            await transaction.ExecuteAsync("""
                UPDATE events SET class = @Class, reason = @Reason
                WHERE tenant_id = @TenantId AND event_id = ANY (@ids) AND received_at BETWEEN @first AND @last AND sequence IS NOT NULL
                """, new
            {
                transaction.TenantId,
                alike.Key.Class,
                alike.Key.Reason,
                ids = alike.Select(e => e.Id).ToArray(),
                first = alike.Min(e => e.ReceivedAt),
                last = alike.Max(e => e.ReceivedAt),
            });
    }

    /// <summary>Numbers a batch of committed events of this tenant; true if there may be more. One sequencer a tenant, by lock.</summary>
    public static async Task<bool> SequenceAsync(TenantTransaction transaction)
    {
        if (!await transaction.TryTakeTurnAsync($"sequence {transaction.TenantId}"))
            return false;
        var batch = await transaction.QueryAsync<(Guid Id, Instant ReceivedAt)>(Unnumbered, new { transaction.TenantId, batch = SequenceBatch });
        if (batch.Count > 0)
            await transaction.ExecuteAsync(Number, new
            {
                transaction.TenantId,
                ids = batch.Select(e => e.Id).ToArray(),
                first = batch.Min(e => e.ReceivedAt),
                last = batch.Max(e => e.ReceivedAt),
            });
        return batch.Count == SequenceBatch;
    }

    /// <summary>Forgets where clicks of these deliveries led, since a link can be made for one person, and where hits came from. A link's index stays.</summary>
    public static Task ForgetPlacesAsync(TenantTransaction transaction, Guid[] deliveries) => transaction.ExecuteAsync("""
        UPDATE events SET url = NULL, ip_country = NULL
        WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveries) AND (url IS NOT NULL OR ip_country IS NOT NULL)
        """, new { transaction.TenantId, deliveries });

    /// <summary>Deletes some of the events that were received before; how many. Cursors stay good: numbers are never given again.</summary>
    public static Task<int> DropAsync(TenantTransaction transaction, Instant before, int limit) => transaction.ExecuteAsync("""
        DELETE FROM events e USING (
            SELECT event_id, received_at FROM events WHERE tenant_id = @TenantId AND received_at < @before LIMIT @limit) AS old
        WHERE e.tenant_id = @TenantId AND e.event_id = old.event_id AND e.received_at = old.received_at AND e.received_at < @before
        """, new { transaction.TenantId, before, limit });

    private const string Insert = """
        INSERT INTO events (tenant_id, event_id, received_at, type, at, campaign_id, delivery_id, recipient_id, class, reason, url, link_index, import_id, relay_id, ip_country)
        SELECT @TenantId, id, received_at, type, at, campaign_id, delivery_id, recipient_id, class, reason, url, link_index, import_id, relay_id, ip_country
        FROM unnest(@ids, @receipts, @types, @ats, @campaigns, @deliveries, @recipients, @classes, @eventReasons, @urls, @links, @imports, @eventRelays, @countries)
            AS e (id, received_at, type, at, campaign_id, delivery_id, recipient_id, class, reason, url, link_index, import_id, relay_id, ip_country)
        """;

    // Only committed rows are visible here, and whoever numbers holds the tenant's lock until its own commit:
    // an event that commits later gets a later number.
    private const string Unnumbered = """
        SELECT event_id, received_at FROM events WHERE tenant_id = @TenantId AND sequence IS NULL ORDER BY event_id LIMIT @batch
        """;

    // Sorted ids, searched by halves, and no join: whatever the planner knows of the log, it finds the rows by their index, and takes
    // no product of both. That is what it did with hits, whose receipts are always newer than its statistics.
    private const string Number = """
        WITH counter AS (
            INSERT INTO event_sequences AS s (tenant_id, last_sequence)
            VALUES (@TenantId, cardinality(@ids))
            ON CONFLICT (tenant_id) DO UPDATE SET last_sequence = s.last_sequence + excluded.last_sequence
            RETURNING last_sequence - cardinality(@ids) AS before
        )
        UPDATE events SET sequence = (SELECT before FROM counter) + width_bucket(event_id, @ids)
        WHERE tenant_id = @TenantId AND sequence IS NULL AND event_id = ANY (@ids) AND received_at BETWEEN @first AND @last
        """;
}
