using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling.BestHours;

/// <summary>
/// Writes and reads when people read, learned from the event log; nothing else does. What is kept of a person depends on which
/// events there were and not on their order or on how often they are folded.
/// </summary>
internal static class ReadingHabitStore
{
    private const int BatchSize = 5_000;

    /// <summary>Learns from the next stretch of this tenant's log; true if there is more. One a tenant, by lock.</summary>
    public static async Task<bool> FoldAsync(TenantTransaction transaction)
    {
        if (!await transaction.TryTakeTurnAsync($"learn {transaction.TenantId}"))
            return false;
        var after = await transaction.QueryFirstOrDefaultAsync<long?>(
            "SELECT folded_through FROM reading_cursors WHERE tenant_id = @TenantId", new { transaction.TenantId }) ?? 0;
        var last = await EventFeed.LastSequenceAsync(transaction);
        var through = Math.Min(last, after + BatchSize);
        if (through == after)
            return false;
        await MergeAsync(transaction, [.. (await TracesAsync(transaction, after, through)).Select(trace => (trace.RecipientId, trace.Reading.Code))]);
        await transaction.ExecuteAsync("""
            INSERT INTO reading_cursors (tenant_id, folded_through) VALUES (@TenantId, @through)
            ON CONFLICT (tenant_id) DO UPDATE SET folded_through = excluded.folded_through
            """, new { transaction.TenantId, through });
        return through < last;
    }

    /// <summary>Forgets what was learned, to learn it again from the beginning of the log.</summary>
    public static async Task ForgetAsync(TenantTransaction transaction)
    {
        await transaction.TakeTurnAsync($"learn {transaction.TenantId}");
        await transaction.ExecuteAsync("DELETE FROM reading_habits WHERE tenant_id = @TenantId", new { transaction.TenantId });
        await transaction.ExecuteAsync("DELETE FROM reading_cursors WHERE tenant_id = @TenantId", new { transaction.TenantId });
    }

    /// <summary>What is kept of a person, the oldest first; at most <see cref="Reading.MostKept"/>.</summary>
    public static async Task<IReadOnlyList<PersonReading>> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) =>
        [.. (await transaction.QueryAsync<int>("""
            SELECT unnest(readings) FROM reading_habits WHERE tenant_id = @TenantId AND recipient_id = @recipientId
            """, new { transaction.TenantId, recipientId })).Select(code => PersonReading.Of(Reading.FromCode(code)))];

    // Each event's delivery and its zone are looked up by their keys: see HitStore for why.
    private static Task<IReadOnlyList<ReadingTrace>> TracesAsync(TenantTransaction transaction, long after, long through) =>
        transaction.QueryAsync<ReadingTrace>("""
            SELECT d.recipient_id, d.sent_at, z.time_zone, CASE WHEN e.type <> @accepted THEN e.at END AS read_at, e.type = @clicked AS clicked
            FROM events e
            CROSS JOIN LATERAL (
                SELECT recipient_id, campaign_id, zone_number, sent_at
                FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = e.delivery_id AND sent_at IS NOT NULL LIMIT 1) d
            CROSS JOIN LATERAL (
                SELECT time_zone FROM plan_zones WHERE tenant_id = @TenantId AND campaign_id = d.campaign_id AND zone_number = d.zone_number LIMIT 1) z
            WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through
              AND (e.type = @accepted OR e.type IN (@opened, @clicked) AND e.class = @human)
            """, new
        {
            transaction.TenantId,
            after,
            through,
            accepted = EventTypes.Accepted,
            opened = EventTypes.Opened,
            clicked = EventTypes.Clicked,
            human = HitClass.Human.Word(),
        });

    /// <summary>Of two codes of one hour the earlier reading counts, and a click of either; of all, the newest are kept.</summary>
    private static Task<int> MergeAsync(TenantTransaction transaction, IReadOnlyCollection<(Guid RecipientId, int Code)> facts) => transaction.ExecuteAsync("""
        WITH together AS (
            SELECT recipient_id, code FROM unnest(@recipients, @codes) AS f (recipient_id, code)
            UNION ALL
            SELECT h.recipient_id, unnest(h.readings) FROM reading_habits h WHERE h.tenant_id = @TenantId AND h.recipient_id = ANY (@recipients)
        ), merged AS (
            SELECT recipient_id, (code >> 6) * 64 + min((code >> 1) & 31) * 2 + max(code & 1) AS code,
                   row_number() OVER (PARTITION BY recipient_id ORDER BY code >> 6 DESC) AS place
            FROM together GROUP BY recipient_id, code >> 6
        ), people AS (
            SELECT r.recipient_id FROM recipients r WHERE r.tenant_id = @TenantId AND r.recipient_id = ANY (@recipients) FOR KEY SHARE
        )
        INSERT INTO reading_habits (tenant_id, recipient_id, readings)
        SELECT @TenantId, recipient_id, array_agg(code ORDER BY code)
        FROM merged JOIN people USING (recipient_id) WHERE place <= @MostKept GROUP BY recipient_id
        ON CONFLICT (tenant_id, recipient_id) DO UPDATE SET readings = excluded.readings
        """, new
    {
        transaction.TenantId,
        recipients = facts.Select(f => f.RecipientId).ToArray(),
        codes = facts.Select(f => f.Code).ToArray(),
        Reading.MostKept,
    });
}

/// <summary>A message that was accepted, or a human's hit on one.</summary>
internal sealed record ReadingTrace
{
    public Guid RecipientId { get; init; }
    public Instant SentAt { get; init; }
    public string TimeZone { get; init; } = "";

    /// <summary>Null for a message that was accepted.</summary>
    public Instant? ReadAt { get; init; }

    public bool Clicked { get; init; }

    public Reading Reading => Reading.Of(SentAt, ReadAt, Clicked, TimeZoneData.Zones[TimeZone]);
}
