using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports.Retention;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>Writes and reads how far campaigns' hits have been judged again, and what that changed; nothing else does.</summary>
internal static class ReclassificationStore
{
    private const string Columns = "campaign_id, rule_set, requested_at, started_at, finished_at, hits, after_delivery, after_received";

    /// <summary>Asks for a campaign's hits to be judged again from the beginning, unless they are being judged.</summary>
    public static Task<int> RequestAsync(TenantTransaction transaction, Guid campaignId, Instant now) => RequestAsync(transaction, [campaignId], now);

    /// <summary>The same for all campaigns that were launched and aren't sealed, but for those of which it has begun since an instant; how many it will begin with.</summary>
    public static async Task<int> RequestAllAsync(TenantTransaction transaction, Instant since, Instant now) => await RequestAsync(
        transaction, [.. (await transaction.QueryAsync<Guid>("""
            SELECT campaign_id FROM campaigns
            WHERE tenant_id = @TenantId AND status NOT IN ('draft', 'planned')
              AND campaign_id NOT IN (SELECT campaign_id FROM reclassifications WHERE tenant_id = @TenantId AND started_at >= @since)
            """, new { transaction.TenantId, since })).Except(await SealStore.SealedAsync(transaction))], now);

    private static async Task<int> RequestAsync(TenantTransaction transaction, Guid[] campaigns, Instant now)
    {
        await transaction.ExecuteAsync("""
            DELETE FROM reclassifications WHERE tenant_id = @TenantId AND campaign_id = ANY (@campaigns) AND finished_at IS NOT NULL
            """, new { transaction.TenantId, campaigns });
        return await transaction.ExecuteAsync("""
            INSERT INTO reclassifications (tenant_id, campaign_id, requested_at)
            SELECT @TenantId, unnest(@campaigns), @now ON CONFLICT DO NOTHING
            """, new { transaction.TenantId, campaigns, now });
    }

    /// <summary>The one that is at work or next; none that newer rules have begun, which a node of a newer version goes on with.</summary>
    public static Task<Reclassification?> NextAsync(TenantTransaction transaction) => transaction.QueryFirstOrDefaultAsync<Reclassification>($"""
        SELECT {Columns} FROM reclassifications
        WHERE tenant_id = @TenantId AND finished_at IS NULL AND (rule_set IS NULL OR rule_set <= @Version)
        ORDER BY requested_at, campaign_id LIMIT 1
        """, new { transaction.TenantId, HitRules.Version });

    public static Task<Reclassification?> FindAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryFirstOrDefaultAsync<Reclassification>(
            $"SELECT {Columns} FROM reclassifications WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    /// <summary>What it changed, the most first.</summary>
    public static Task<IReadOnlyList<ReclassifiedHits>> ChangesAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryAsync<ReclassifiedHits>("""
            SELECT from_class AS "from", to_class AS "to", reason, hits FROM reclassification_changes
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId ORDER BY hits DESC, from_class, to_class, reason
            """, new { transaction.TenantId, campaignId });

    /// <summary>How many campaigns are left, and what has come of those judged since an instant.</summary>
    public static Task<ReclassificationTotals> TotalsAsync(TenantTransaction transaction, Instant since) => transaction.QuerySingleAsync<ReclassificationTotals>("""
        SELECT (SELECT count(*) FROM reclassifications WHERE tenant_id = @TenantId AND finished_at IS NULL) AS unfinished,
               (SELECT count(*) FROM reclassifications WHERE tenant_id = @TenantId AND started_at >= @since) AS campaigns,
               (SELECT coalesce(sum(hits), 0)::bigint FROM reclassifications WHERE tenant_id = @TenantId AND started_at >= @since) AS hits,
               (SELECT coalesce(sum(c.hits), 0)::bigint FROM reclassification_changes c JOIN reclassifications r USING (tenant_id, campaign_id)
                WHERE tenant_id = @TenantId AND r.started_at >= @since) AS changed
        """, new { transaction.TenantId, since });

    /// <summary>The next deliveries with hits that are counted, from a place on.</summary>
    public static Task<IReadOnlyList<Guid>> DeliveriesAsync(TenantTransaction transaction, Reclassification job, int limit) => transaction.QueryAsync<Guid>("""
        SELECT DISTINCT delivery_id FROM first_hits
        WHERE tenant_id = @TenantId AND campaign_id = @CampaignId AND delivery_id >= @from AND (@fromIsOpen OR delivery_id <> @from)
        ORDER BY delivery_id LIMIT @limit
        """, new
    {
        transaction.TenantId,
        job.CampaignId,
        from = job.AfterDelivery ?? Guid.Empty,
        fromIsOpen = job.AfterDelivery is null || job.AfterReceived is not null,
        limit,
    });

    /// <summary>The events of hits that came to these deliveries in these spans, in the log's order; only what has been folded.</summary>
    public static Task<IReadOnlyList<HitEvent>> EventsAsync(
        TenantTransaction transaction, IReadOnlyCollection<(Guid DeliveryId, Instant First, Instant Last)> spans, long through) =>
        transaction.QueryAsync<HitEvent>("""
            SELECT e.event_id, e.received_at, e.type, e.at, e.delivery_id, e.link_index, e.class, e.reason
            FROM unnest(@deliveries, @firsts, @lasts) AS span (delivery_id, first, last)
            CROSS JOIN LATERAL (
                SELECT * FROM events
                WHERE tenant_id = @TenantId AND delivery_id = span.delivery_id AND received_at BETWEEN span.first AND span.last
                  AND type = ANY (@types) AND sequence <= @through
                OFFSET 0) AS e
            ORDER BY e.sequence
            """, new
        {
            transaction.TenantId,
            deliveries = spans.Select(s => s.DeliveryId).ToArray(),
            firsts = spans.Select(s => s.First).ToArray(),
            lasts = spans.Select(s => s.Last).ToArray(),
            types = Counters.Measures.Keys.ToArray(),
            through,
        });

    /// <summary>Moves the place, and adds what was judged before it.</summary>
    public static async Task MoveAsync(TenantTransaction transaction, Reclassification job, IReadOnlyCollection<ReclassifiedHits> changes)
    {
        await transaction.ExecuteAsync("""
            UPDATE reclassifications
            SET rule_set = @RuleSet, started_at = @StartedAt, finished_at = @FinishedAt, hits = @Hits, after_delivery = @AfterDelivery, after_received = @AfterReceived
            WHERE tenant_id = @TenantId AND campaign_id = @CampaignId
            """, new { transaction.TenantId, job.CampaignId, job.RuleSet, job.StartedAt, job.FinishedAt, job.Hits, job.AfterDelivery, job.AfterReceived });
        await transaction.ExecuteAsync("""
            INSERT INTO reclassification_changes AS c (tenant_id, campaign_id, from_class, to_class, reason, hits)
            SELECT @TenantId, @CampaignId, * FROM unnest(@froms, @tos, @reasons, @hits)
            ON CONFLICT (tenant_id, campaign_id, from_class, to_class, reason) DO UPDATE SET hits = c.hits + excluded.hits
            """, new
        {
            transaction.TenantId,
            job.CampaignId,
            froms = changes.Select(c => c.From).ToArray(),
            tos = changes.Select(c => c.To).ToArray(),
            reasons = changes.Select(c => c.Reason).ToArray(),
            hits = changes.Select(c => c.Hits).ToArray(),
        });
    }
}

/// <summary>How far a campaign's hits have been judged again.</summary>
internal sealed record Reclassification
{
    public Guid CampaignId { get; init; }
    public int? RuleSet { get; init; }
    public Instant RequestedAt { get; init; }
    public Instant? StartedAt { get; init; }
    public Instant? FinishedAt { get; init; }
    public long Hits { get; init; }
    public Guid? AfterDelivery { get; init; }
    public Instant? AfterReceived { get; init; }
}

/// <summary>A tenant's reclassifications in numbers.</summary>
internal sealed record ReclassificationTotals
{
    public long Unfinished { get; init; }
    public long Campaigns { get; init; }
    public long Hits { get; init; }
    public long Changed { get; init; }
}

/// <summary>The event that a hit made.</summary>
internal sealed record HitEvent
{
    public Guid EventId { get; init; }
    public Instant ReceivedAt { get; init; }
    public string Type { get; init; } = "";
    public Instant At { get; init; }
    public Guid DeliveryId { get; init; }
    public int? LinkIndex { get; init; }
    public string Class { get; init; } = "";
    public string Reason { get; init; } = "";

    public HitKind Kind => Counters.Measures[Type];
}
