using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>When people read: one statement gathers each person's human hits, Core learns a zone from them.</summary>
internal static class ReadingHours
{
    /// <summary>
    /// Zones for people of whom nothing better than a guess is known: everybody, or those named. Read row by row: only what was learned is held.
    /// </summary>
    public static async Task<IReadOnlyList<PersonsZone>> LearnAsync(TenantTransaction transaction, Instant now, Guid[]? among = null)
    {
        var learned = new List<PersonsZone>();
        await using var rows = await transaction.ReadAsync($"""
            SELECT r.recipient_id, r.country, array_agg(h.received_at)
            FROM hits h
            JOIN deliveries d ON d.tenant_id = @TenantId AND d.delivery_id = h.delivery_id
            JOIN recipients r ON r.tenant_id = @TenantId AND r.recipient_id = d.recipient_id
            WHERE h.tenant_id = @TenantId AND h.class = 'human' AND h.received_at BETWEEN @since AND @now
              AND r.time_zone_source IN ('activity', 'storefront', 'country_guess', 'fallback')
              {(among is null ? "" : "AND d.recipient_id = ANY (@among)")}
            GROUP BY r.tenant_id, r.recipient_id
            HAVING count(*) >= @LeastHits AND count(DISTINCT (h.received_at AT TIME ZONE 'UTC')::date) >= @LeastDays
            """, new { transaction.TenantId, now, among, since = now - ActivityZones.Window, ActivityZones.LeastHits, ActivityZones.LeastDays });
        while (await rows.ReadAsync(transaction.Cancellation))
        {
            var country = await rows.IsDBNullAsync(1, transaction.Cancellation) ? null : rows.GetString(1);
            if (ActivityZones.Learn(rows.GetFieldValue<Instant[]>(2), country) is { } zone)
                learned.Add(new PersonsZone(rows.GetGuid(0), country, zone));
        }
        return learned;
    }

    /// <summary>Those of whom a human's open or click is in this stretch of the log.</summary>
    public static async Task<Guid[]> ReadersAsync(TenantTransaction transaction, long after, long through) =>
        [.. await transaction.QueryAsync<Guid>("""
            SELECT DISTINCT recipient_id FROM events
            WHERE tenant_id = @TenantId AND sequence > @after AND sequence <= @through
              AND type IN (@opened, @clicked) AND class = @human AND recipient_id IS NOT NULL
            """, new { transaction.TenantId, after, through, opened = EventTypes.Opened, clicked = EventTypes.Clicked, human = HitClass.Human.Word() })];
}
