using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Relays;

/// <summary>This node's place among those that use a relay.</summary>
internal sealed record RelayPresence
{
    /// <summary>How many nodes use it, this one among them.</summary>
    public int Nodes { get; init; }

    /// <summary>This one's place, from 0.</summary>
    public int Rank { get; init; }

    /// <summary>
    /// Whether the others know of this node. Before that they still use all of the relay's limits, and it must use
    /// nothing. A node that leaves is counted until it has been silent for 15 s, and shares only grow by it: so those in
    /// use never exceed the limits.
    /// </summary>
    public bool Settled { get; init; }

    /// <summary>Somebody has disabled or deleted the relay, or a node has paused it: nothing more may go through it.</summary>
    public bool IsOut { get; init; }
}

/// <summary>
/// Who uses a relay, so that its limits hold over all nodes. Real time, by the database's clock. A node that hasn't
/// beaten for 15 s by its own monotonic clock must begin nothing before it has: others use its share.
/// </summary>
internal static class RelayShareStore
{
    /// <summary>Says that this node uses the relay, forgets those silent for 15 s, and answers its place. Every 5 s or so.</summary>
    public static Task<RelayPresence> BeatAsync(TenantTransaction transaction, Guid relayId, Guid nodeId) =>
        transaction.QuerySingleAsync<RelayPresence>("""
            WITH me AS (
                INSERT INTO relay_nodes AS n (tenant_id, relay_id, node_id, joined_at, seen_at)
                SELECT tenant_id, relay_id, @nodeId, clock_timestamp(), clock_timestamp()
                FROM relays WHERE tenant_id = @TenantId AND relay_id = @relayId
                ON CONFLICT (tenant_id, relay_id, node_id) DO UPDATE
                -- Whoever was given up in between joins anew.
                SET joined_at = CASE WHEN n.seen_at < clock_timestamp() - interval '15 seconds' THEN excluded.joined_at ELSE n.joined_at END,
                    seen_at = clock_timestamp()
                RETURNING joined_at
            ), silent AS (
                -- Locked without waiting: two that come back at once would wait for one another.
                SELECT node_id FROM relay_nodes
                WHERE tenant_id = @TenantId AND relay_id = @relayId AND node_id <> @nodeId AND seen_at < clock_timestamp() - interval '15 seconds'
                FOR UPDATE SKIP LOCKED
            ), forgotten AS (
                DELETE FROM relay_nodes
                WHERE tenant_id = @TenantId AND relay_id = @relayId AND node_id IN (SELECT node_id FROM silent)
            ), others AS (
                SELECT node_id, seen_at FROM relay_nodes
                WHERE tenant_id = @TenantId AND relay_id = @relayId AND node_id <> @nodeId AND seen_at >= clock_timestamp() - interval '15 seconds'
            )
            -- A beat within a second of our joining may have been made before we could be seen.
            SELECT 1 + count(*)::int AS nodes, (count(*) FILTER (WHERE node_id < @nodeId))::int AS rank,
                   coalesce(bool_and(seen_at > (SELECT joined_at FROM me) + interval '1 second'), true) AS settled,
                   NOT EXISTS (SELECT FROM relays LEFT JOIN relay_standing USING (tenant_id, relay_id)
                       WHERE tenant_id = @TenantId AND relay_id = @relayId AND enabled AND paused_at IS NULL) AS is_out
            FROM others
            """, new { transaction.TenantId, relayId, nodeId });
}
