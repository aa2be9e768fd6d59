using System.Globalization;
using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>Writes and reads roll-ups, their cursor and the marks of first hits; nothing else does.</summary>
internal static class RollupStore
{
    private const int BatchSize = 5_000;

    // Limits stand in the statements that are prepared: of a parameter the planner expects a tenth of the table, and reads all of it.
    private const int Front = BatchSize;

    /// <summary>Mail domains that a breakdown shows one by one.</summary>
    public const int ShownDomains = 100;

    /// <summary>Stands in place of a campaign for all of the tenant's.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    /// <summary>Folds the next stretch of this tenant's log; true if there is more. One folder a tenant, by lock.</summary>
    public static async Task<bool> FoldAsync(TenantTransaction transaction) => await TryLockAsync(transaction) && await FoldNextAsync(transaction);

    /// <summary>The same for whoever holds the lock.</summary>
    public static async Task<bool> FoldNextAsync(TenantTransaction transaction)
    {
        var after = await FoldedThroughAsync(transaction);
        var last = await EventFeed.LastSequenceAsync(transaction);
        var through = Math.Min(last, after + BatchSize);
        if (through == after)
            return false;
        var agents = await HitAgents.ReadAsync(transaction, after, through);
        await transaction.ExecuteAsync(
            SqlFiles.Read("FoldEvents") + SqlFiles.Read("MarkFirstHits") + SqlFiles.Read("CountChanges"), FoldParameters(transaction, after, through, agents));
        await DeliveryHourStore.FoldAsync(transaction, after, through);
        await MoveCursorAsync(transaction, through);
        return through < last;
    }

    /// <summary>A campaign's counters of one dimension, by key.</summary>
    public static Task<IReadOnlyList<Rollup>> ReadAsync(TenantTransaction transaction, Guid campaignId, string dimension) =>
        transaction.QueryAsync<Rollup>($"""
            SELECT {Rollup.Columns} FROM rollups
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND dimension = @dimension
            ORDER BY key
            """, new { transaction.TenantId, campaignId, dimension });

    /// <summary>A campaign's counters in all.</summary>
    public static async Task<Rollup> TotalAsync(TenantTransaction transaction, Guid campaignId) =>
        (await ReadAsync(transaction, campaignId, "total")).SingleOrDefault() ?? new Rollup { CampaignId = campaignId };

    /// <summary>
    /// The instant up to which everything that was received is in the roll-ups: that of the oldest hit or event which
    /// isn't yet, or now. Read it before the counters. Of a long backlog only the front is looked at, which is oldest.
    /// </summary>
    public static async Task<Instant> AsOfAsync(TenantTransaction transaction, Instant now)
    {
        // A parameter and no sub-select: row-level security lets no sub-select into an index condition, and the whole log was read.
        var folded = await FoldedThroughAsync(transaction);
        return await transaction.QuerySingleAsync<Instant>($"""
            WITH unjudged AS (
                SELECT received_at FROM hits WHERE tenant_id = @TenantId AND class IS NULL ORDER BY stored_at LIMIT {Front}
            ), unsequenced AS (
                SELECT received_at FROM events WHERE tenant_id = @TenantId AND sequence IS NULL ORDER BY event_id LIMIT {Front}
            ), unfolded AS (
                SELECT received_at FROM events WHERE tenant_id = @TenantId AND sequence > @folded ORDER BY sequence LIMIT {Front}
            )
            SELECT least(@now, (SELECT min(received_at) FROM unjudged), (SELECT min(received_at) FROM unsequenced),
                (SELECT min(received_at) FROM unfolded))
            """, new { transaction.TenantId, now, folded });
    }

    /// <summary>A campaign's mail domains with the most accepted: those that are shown, and one more where there are any.</summary>
    public static Task<IReadOnlyList<Rollup>> LargestDomainsAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryAsync<Rollup>($"""
            SELECT {Rollup.Columns} FROM rollups
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND dimension = 'mail_domain'
            ORDER BY accepted DESC, key LIMIT {ShownDomains + 1}
            """, new { transaction.TenantId, campaignId });

    /// <summary>The first and the last quarter in which anything happened.</summary>
    public static async Task<(Instant First, Instant Last)?> SpanAsync(TenantTransaction transaction, Guid campaignId)
    {
        var (first, last) = await transaction.QuerySingleAsync<(string?, string?)>("""
            SELECT min(key), max(key) FROM rollups WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND dimension = 'quarter'
            """, new { transaction.TenantId, campaignId });
        return first is null ? null : (Quarters.StartOf(first), Quarters.StartOf(last!));
    }

    /// <summary>The counters of buckets of time, each from its start to the next one's; as many as starts, those without anything blank.</summary>
    public static async Task<IReadOnlyList<Rollup>> SumByTimeAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<Instant> starts, Instant end)
    {
        if (starts.Count == 0)
            return [];
        // By instants and not by keys: in an array of texts each step of the search walks from its beginning.
        var sums = (await transaction.QueryAsync<Rollup>($"""
            SELECT width_bucket((key || 'Z')::timestamptz, @starts)::text AS key, {Rollup.Sums} FROM rollups
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND dimension = 'quarter' AND key >= @first AND key < @end
            GROUP BY 1
            """, new { transaction.TenantId, campaignId, starts = starts.ToArray(), first = Quarters.KeyOf(starts[0]), end = Quarters.KeyOf(end) }))
            .ToDictionary(r => int.Parse(r.Key, CultureInfo.InvariantCulture));
        return [.. starts.Select((_, place) => sums.GetValueOrDefault(place + 1) ?? new Rollup())];
    }

    /// <summary>All counters of a campaign.</summary>
    public static Task<IReadOnlyList<Rollup>> ReadAllAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryAsync<Rollup>(
            $"SELECT {Rollup.Columns} FROM rollups WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    /// <summary>Lets one at a time change a tenant's roll-ups, until its transaction ends; false if another does.</summary>
    public static Task<bool> TryLockAsync(TenantTransaction transaction) => transaction.TryTakeTurnAsync($"fold {transaction.TenantId}");

    /// <summary>The same, waiting for whoever does.</summary>
    public static Task LockAsync(TenantTransaction transaction) => transaction.TakeTurnAsync($"fold {transaction.TenantId}");

    /// <summary>How far the log has been folded.</summary>
    public static async Task<long> FoldedThroughAsync(TenantTransaction transaction) =>
        await transaction.QueryFirstOrDefaultAsync<long?>(
            "SELECT folded_through FROM report_cursors WHERE tenant_id = @TenantId", new { transaction.TenantId }) ?? 0;

    private static Task<int> MoveCursorAsync(TenantTransaction transaction, long through) => transaction.ExecuteAsync("""
        INSERT INTO report_cursors (tenant_id, folded_through) VALUES (@TenantId, @through)
        ON CONFLICT (tenant_id) DO UPDATE SET folded_through = excluded.folded_through
        """, new { transaction.TenantId, through });

    private static object FoldParameters(TenantTransaction transaction, long after, long through, HitAgents agents) => new
    {
        transaction.TenantId,
        after,
        through,
        measureTypes = Counters.Measures.Keys.ToArray(),
        measures = Counters.Measures.Values.Select(measure => measure.Word()).ToArray(),
        viewsOfClasses = Counters.Views.Select(v => v.View).ToArray(),
        classes = Counters.Views.Select(v => v.Class).ToArray(),
        countedTypes = Counters.OfTypes.Keys.ToArray(),
        counters = Counters.OfTypes.Values.ToArray(),
        bounced = EventTypes.Bounced,
        hitSequences = agents.Sequences,
        devices = agents.Devices,
        clients = agents.Clients,
        wholeTenant = WholeTenant,
        delayBounds = DelayScale.Bounds.ToArray(),
    };
}
