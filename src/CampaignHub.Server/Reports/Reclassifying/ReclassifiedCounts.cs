using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>Moves roll-ups and marks of first hits by the difference that hits of another class make.</summary>
internal static class ReclassifiedCounts
{
    /// <param name="transaction">That holds the lock of the roll-ups, and has corrected the events.</param>
    /// <param name="campaignId">The campaign of all of them.</param>
    /// <param name="moved">Events that are of another class now. They have been folded.</param>
    /// <param name="through">How far the log has been folded.</param>
    public static async Task MoveAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyCollection<CorrectedEvent> moved, long through)
    {
        if (moved.Count == 0)
            return;
        var deliveries = moved.Select(hit => hit.Event.DeliveryId).Distinct().ToArray();
        var firsts = await FirstsAsync(transaction, deliveries, through);
        // None where the same views count both classes: then a mark moves, and no number.
        var changes = (
            from hit in moved
            from view in HitViews.All
            where view.Counts(hit.From) != view.Counts(hit.Verdict.Class)
            select (hit.Event, View: view.Word(), Amount: view.Counts(hit.From) ? -1 : 1, Agents: HitAgents.Of(hit.UserAgent))).ToArray();
        await transaction.ExecuteAsync(SqlFiles.Read("MoveMarks") + SqlFiles.Read("MarkFirstHits") + SqlFiles.Read("CountChanges"), new
        {
            transaction.TenantId,
            campaignId,
            deliveries,
            hitDeliveries = Array.ConvertAll(changes, c => c.Event.DeliveryId),
            measures = Array.ConvertAll(changes, c => c.Event.Kind.Word()),
            views = Array.ConvertAll(changes, c => c.View),
            amounts = Array.ConvertAll(changes, c => c.Amount),
            ats = Array.ConvertAll(changes, c => c.Event.At),
            devices = Array.ConvertAll(changes, c => c.Agents.Device),
            clients = Array.ConvertAll(changes, c => c.Agents.Client),
            links = Array.ConvertAll(changes, c => c.Event.LinkIndex),
            firstDeliveries = firsts.Select(f => f.DeliveryId).ToArray(),
            firstMeasures = firsts.Select(f => f.Measure).ToArray(),
            firstClasses = firsts.Select(f => f.Class).ToArray(),
            firstAts = firsts.Select(f => f.At).ToArray(),
            firstDevices = firsts.Select(f => f.Agents?.Device).ToArray(),
            firstClients = firsts.Select(f => f.Agents?.Client).ToArray(),
            firstLinks = firsts.Select(f => f.LinkIndex).ToArray(),
            viewsOfClasses = Counters.Views.Select(v => v.View).ToArray(),
            classes = Counters.Views.Select(v => v.Class).ToArray(),
            wholeTenant = RollupStore.WholeTenant,
            delayBounds = DelayScale.Bounds.ToArray(),
        });
    }

    /// <summary>The first hit of each class of these deliveries, as the events are now: once for each link that hits of the class have followed.</summary>
    private static Task<IReadOnlyList<FirstHit>> FirstsAsync(TenantTransaction transaction, Guid[] deliveries, long through) =>
        transaction.QueryAsync<FirstHit>($"""
            SELECT e.delivery_id, e.measure, e.class, e.at, h.user_agent, h.found IS NOT NULL AS has_hit, followed.link_index
            FROM unnest(@deliveries) AS moved (delivery_id)
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON (m.measure, l.class) l.delivery_id, m.measure, l.class, l.at, l.received_at, l.link_index,
                       array_agg(l.link_index) OVER (PARTITION BY m.measure, l.class) AS links
                FROM (SELECT * FROM events
                      WHERE tenant_id = @TenantId AND delivery_id = moved.delivery_id AND type = ANY (@types) AND sequence <= @through OFFSET 0) AS l
                JOIN unnest(@types, @measures) AS m (type, measure) ON m.type = l.type
                WHERE l.class IS NOT NULL
                ORDER BY m.measure, l.class, l.at, l.sequence) AS e
            CROSS JOIN LATERAL (SELECT DISTINCT unnest(e.links) AS link_index) AS followed
            LEFT JOIN LATERAL (SELECT user_agent, true AS found FROM ({HitAgents.OfEvent}) AS hit) AS h ON true
            """, new
        {
            transaction.TenantId,
            deliveries,
            through,
            types = Counters.Measures.Keys.ToArray(),
            measures = Counters.Measures.Values.Select(measure => measure.Word()).ToArray(),
        });

    private sealed record FirstHit
    {
        public Guid DeliveryId { get; init; }
        public string Measure { get; init; } = "";
        public string Class { get; init; } = "";
        public Instant At { get; init; }
        public int? LinkIndex { get; init; }
        public string? UserAgent { get; init; }
        public bool HasHit { get; init; }

        /// <summary>Null where the hit is no longer kept.</summary>
        public (string Device, string Client)? Agents => HasHit ? HitAgents.Of(UserAgent) : null;
    }
}
