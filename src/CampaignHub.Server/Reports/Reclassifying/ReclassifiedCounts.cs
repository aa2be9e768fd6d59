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
        var changes = (
            from hit in moved
            from view in HitViews.All
            where view.Counts(hit.From) != view.Counts(hit.Verdict.Class)
            select (hit.Event, View: view.Word(), Amount: view.Counts(hit.From) ? -1 : 1, Agents: HitAgents.Of(hit.UserAgent))).ToArray();
        if (changes.Length == 0)
            return;
        var firsts = await FirstsAsync(transaction, [.. changes.Select(c => c.Event.DeliveryId).Distinct()], through);
        await transaction.ExecuteAsync(SqlFiles.Read("MoveMarks") + SqlFiles.Read("CountChanges"), new
        {
            transaction.TenantId,
            campaignId,
            through,
            deliveries = Array.ConvertAll(changes, c => c.Event.DeliveryId),
            measures = Array.ConvertAll(changes, c => c.Event.Kind.Word()),
            views = Array.ConvertAll(changes, c => c.View),
            amounts = Array.ConvertAll(changes, c => c.Amount),
            ats = Array.ConvertAll(changes, c => c.Event.At),
            devices = Array.ConvertAll(changes, c => c.Agents.Device),
            clients = Array.ConvertAll(changes, c => c.Agents.Client),
            links = Array.ConvertAll(changes, c => c.Event.LinkIndex),
            firstDeliveries = firsts.Select(f => f.DeliveryId).ToArray(),
            firstMeasures = firsts.Select(f => f.Measure).ToArray(),
            firstViews = firsts.Select(f => f.View).ToArray(),
            firstAts = firsts.Select(f => f.At).ToArray(),
            firstDevices = firsts.Select(f => f.Agents?.Device).ToArray(),
            firstClients = firsts.Select(f => f.Agents?.Client).ToArray(),
            viewsOfClasses = Counters.Views.Select(v => v.View).ToArray(),
            classes = Counters.Views.Select(v => v.Class).ToArray(),
            clicked = EventTypes.Clicked,
            wholeTenant = RollupStore.WholeTenant,
            delayBounds = DelayScale.Bounds.ToArray(),
        });
    }

    /// <summary>The first hit of these deliveries in each measure and view, as the events are now.</summary>
    private static Task<IReadOnlyList<FirstHit>> FirstsAsync(TenantTransaction transaction, Guid[] deliveries, long through) =>
        transaction.QueryAsync<FirstHit>($"""
            SELECT e.delivery_id, e.measure, e.view, e.at, h.user_agent, h.found IS NOT NULL AS has_hit
            FROM unnest(@deliveries) AS moved (delivery_id)
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON (m.measure, v.view) l.delivery_id, m.measure, v.view, l.at, l.received_at, l.link_index
                FROM (SELECT * FROM events
                      WHERE tenant_id = @TenantId AND delivery_id = moved.delivery_id AND type = ANY (@types) AND sequence <= @through OFFSET 0) AS l
                JOIN unnest(@types, @measures) AS m (type, measure) ON m.type = l.type
                JOIN unnest(@views, @classes) AS v (view, class) ON v.class = l.class
                ORDER BY m.measure, v.view, l.at, l.sequence) AS e
            LEFT JOIN LATERAL (SELECT user_agent, true AS found FROM ({HitAgents.OfEvent}) AS hit) AS h ON true
            """, new
        {
            transaction.TenantId,
            deliveries,
            through,
            types = Counters.Measures.Keys.ToArray(),
            measures = Counters.Measures.Values.Select(measure => measure.Word()).ToArray(),
            views = Counters.Views.Select(v => v.View).ToArray(),
            classes = Counters.Views.Select(v => v.Class).ToArray(),
        });

    private sealed record FirstHit
    {
        public Guid DeliveryId { get; init; }
        public string Measure { get; init; } = "";
        public string View { get; init; } = "";
        public Instant At { get; init; }
        public string? UserAgent { get; init; }
        public bool HasHit { get; init; }

        /// <summary>Null where the hit is no longer kept.</summary>
        public (string Device, string Client)? Agents => HasHit ? HitAgents.Of(UserAgent) : null;
    }
}
