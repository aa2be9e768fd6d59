namespace CampaignHub.Server.Operations.Doctor;

/// <summary>Who works: each node's leases on deliveries, the relays that it uses, and the workers that Hangfire hears.</summary>
internal static class NodeSection
{
    private const int LongOverdue = 30;

    public static async Task<Section> ExamineAsync(Snapshot snapshot, IReadOnlyList<Worker> workers, bool campaignsAreOpen)
    {
        var nodes = await ReadAsync(snapshot);
        var findings = nodes.Where(node => node.OverdueSeconds > LongOverdue).Select(node => new Finding(
            $"Leases of node {node.NodeId} ran out {Words.Length(node.OverdueSeconds!.Value)} ago and nobody has sorted them out",
            "start a worker, which takes over what was claimed")).ToList();
        if (campaignsAreOpen && !workers.Any(worker => worker.IsHeard))
            findings.Add(new Finding("Campaigns are under way and no worker has been heard from for two minutes",
                "start a service with the role all or worker: ./hub up"));
        return new Section("Nodes",
            [.. workers.Select(worker => $"Worker {worker.Name} was heard from {Words.Length(worker.SilentSeconds)} ago."),
             .. workers.Count == 0 ? ["No worker is known."] : Array.Empty<string>()])
        {
            Columns = ["node", ">leased", ">sending", ">oldest", ">leases end", ">relays", ">seen"],
            Rows = [.. nodes.Select(Row)],
            Findings = findings,
        };
    }

    /// <summary>As the login, to whom Hangfire's tables belong; none where they don't exist yet.</summary>
    public static async Task<IReadOnlyList<Worker>> ReadWorkersAsync(Snapshot snapshot) =>
        await snapshot.QuerySingleAsync<bool>("SELECT to_regclass('hangfire.server') IS NOT NULL")
            ? await snapshot.QueryAsync<Worker>("""
                SELECT id, extract(epoch FROM clock_timestamp() - lastheartbeat)::float8 AS silent_seconds FROM hangfire.server ORDER BY id
                """)
            : [];

    private static Task<IReadOnlyList<BusyNode>> ReadAsync(Snapshot snapshot) => snapshot.QueryAsync<BusyNode>("""
        WITH held AS (
            SELECT l.node_id, count(*) FILTER (WHERE d.state <> 'sending') AS leased, count(*) FILTER (WHERE d.state = 'sending') AS sending,
                   extract(epoch FROM @now - min(d.updated_at))::float8 AS oldest_seconds,
                   extract(epoch FROM clock_timestamp() - min(l.until))::float8 AS overdue_seconds
            FROM leases l
            CROSS JOIN unnest(l.delivery_ids) AS borne (delivery_id)
            JOIN deliveries d ON d.tenant_id = l.tenant_id AND d.delivery_id = borne.delivery_id
                AND d.state IN ('scheduled', 'deferred', 'sending') AND is_held(d.state, d.not_before, d.lease_token, l.token)
            GROUP BY l.node_id
        ), present AS (
            SELECT node_id, count(*) AS relays, extract(epoch FROM clock_timestamp() - max(seen_at))::float8 AS seen_seconds
            FROM relay_nodes GROUP BY node_id
        )
        SELECT node_id, coalesce(leased, 0) AS leased, coalesce(sending, 0) AS sending, oldest_seconds, overdue_seconds,
               coalesce(relays, 0) AS relays, seen_seconds
        FROM held FULL JOIN present USING (node_id) ORDER BY node_id
        """);

    private static string[] Row(BusyNode node) =>
    [
        node.NodeId.ToString(), Words.Number(node.Leased), Words.Number(node.Sending), Words.Age(node.OldestSeconds),
        node.OverdueSeconds switch { null => "–", > 0 => $"{Words.Length(node.OverdueSeconds.Value)} ago", _ => Words.Age(node.OverdueSeconds) },
        Words.Number(node.Relays), node.SeenSeconds is { } seen ? $"{Words.Length(seen)} ago" : "–",
    ];

    private sealed record BusyNode
    {
        public Guid NodeId { get; init; }

        public long Leased { get; init; }

        public long Sending { get; init; }

        public double? OldestSeconds { get; init; }

        /// <summary>Since the first of its leases ran out; below zero while all of them run.</summary>
        public double? OverdueSeconds { get; init; }

        public long Relays { get; init; }

        public double? SeenSeconds { get; init; }
    }
}

/// <summary>A process that runs Hangfire's jobs, and with them the loops.</summary>
internal sealed record Worker
{
    private const int LongSilent = 120;

    /// <summary>Hangfire's name for it: machine, process and a number of its own.</summary>
    public string Id { get; init; } = "";

    public double SilentSeconds { get; init; }

    /// <summary>Machine and process.</summary>
    public string Name => string.Join(':', Id.Split(':').Take(2));

    public bool IsHeard => SilentSeconds < LongSilent;
}
