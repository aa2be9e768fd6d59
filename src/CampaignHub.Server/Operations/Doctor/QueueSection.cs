using CampaignHub.Server.Deliveries;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>What is left to do of launched campaigns, by state and age.</summary>
internal static class QueueSection
{
    public static Section Make(IReadOnlyList<QueueCount> counts) => new("Queue", counts.Count == 0 ? ["Empty."] : [])
    {
        Columns = ["state", ">deliveries", ">due", ">oldest due"],
        Rows = [.. counts.GroupBy(count => count.State).OrderBy(state => state.Key, StringComparer.Ordinal).Select(state => (string[])
        [
            state.Key, Words.Number(state.Sum(c => c.Deliveries)), Words.Number(state.Sum(c => c.Due)), Words.Age(state.Max(c => c.OldestSeconds)),
        ])],
    };

    public static Task<IReadOnlyList<QueueCount>> ReadAsync(Snapshot snapshot) => snapshot.QueryAsync<QueueCount>($"""
        SELECT d.campaign_id, shown.state, count(*) AS deliveries, count(*) FILTER (WHERE due.at <= @now) AS due,
               extract(epoch FROM @now - min(due.at))::float8 AS oldest_seconds,
               extract(epoch FROM @now - min(d.updated_at))::float8 AS unchanged_seconds
        FROM deliveries d
        JOIN campaigns c ON c.tenant_id = d.tenant_id AND c.campaign_id = d.campaign_id AND c.status IN ('scheduled', 'sending', 'paused')
        JOIN plan_zones z ON z.tenant_id = d.tenant_id AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
        LEFT JOIN claim_positions p ON p.tenant_id = d.tenant_id AND p.campaign_id = d.campaign_id AND p.zone_number = d.zone_number
        CROSS JOIN LATERAL (SELECT coalesce(d.not_before, greatest(z.due_at, p.not_before)) AS at) due
        CROSS JOIN LATERAL (SELECT {DeliveryStore.ShownStateOfAnybody} AS state) shown
        WHERE d.state IN ('scheduled', 'sending', 'deferred', 'uncertain')
        GROUP BY d.campaign_id, shown.state
        """);
}

/// <summary>The deliveries of a campaign in one state.</summary>
internal sealed record QueueCount
{
    public Guid CampaignId { get; init; }

    public string State { get; init; } = "";

    public long Deliveries { get; init; }

    public long Due { get; init; }

    /// <summary>For how long the first one has been due; below zero while it isn't.</summary>
    public double? OldestSeconds { get; init; }

    /// <summary>Since one of them was written last.</summary>
    public double UnchangedSeconds { get; init; }
}
