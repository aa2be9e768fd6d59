using CampaignHub.Core;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Reports;

/// <summary>Device and client of each hit in a stretch of the log, by the event's number; arrays that belong together.</summary>
internal sealed record HitAgents(long[] Sequences, string[] Devices, string[] Clients)
{
    /// <summary>The hit of an event <c>e</c>: a click or open of a delivery at one instant is one.</summary>
    public const string OfEvent = """
        SELECT user_agent FROM hits
        WHERE tenant_id = @TenantId AND delivery_id = e.delivery_id AND received_at = e.received_at
          AND link_index IS NOT DISTINCT FROM e.link_index
        ORDER BY hit_id LIMIT 1
        """;

    /// <summary>Reads them; each distinct header is looked at once.</summary>
    public static async Task<HitAgents> ReadAsync(TenantTransaction transaction, long after, long through)
    {
        var agents = await transaction.QueryAsync<(string? UserAgent, long[] Sequences)>($"""
            SELECT h.user_agent, array_agg(e.sequence)
            FROM events e CROSS JOIN LATERAL ({OfEvent}) AS h
            WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through AND e.type = ANY (@types)
            GROUP BY h.user_agent
            """, new { transaction.TenantId, after, through, types = Counters.Measures.Keys.ToArray() });
        var hits = agents.SelectMany(agent =>
        {
            var (device, client) = Of(agent.UserAgent);
            return agent.Sequences.Select(sequence => (sequence, device, client));
        }).ToArray();
        return new HitAgents(Array.ConvertAll(hits, h => h.sequence), Array.ConvertAll(hits, h => h.device), Array.ConvertAll(hits, h => h.client));
    }

    /// <summary>The words of a header.</summary>
    public static (string Device, string Client) Of(string? userAgent) =>
        (DeviceFamilies.Of(userAgent).Word(), ClientFamilies.Of(userAgent).Word());
}
