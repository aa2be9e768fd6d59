using CampaignHub.Core;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// Writes and reads hits; nothing else does. Each statement looks rows up by their keys, few at a time (LATERAL with a
/// limit, = ANY): a plain join lets the planner read a tenant's whole ledger or log whenever its statistics are behind.
/// </summary>
internal static class HitStore
{
    private const string Columns = """
        h.hit_id, h.received_at, h.kind AS kind_word, h.campaign_id, h.delivery_id, h.link_index, h.url,
        h.method, h.user_agent, h.purpose, h.sec_purpose, h.x_moz AS has_x_moz, h.from_data_centre, h.class, h.reason, h.rule_set
        """;

    /// <summary>Stores hits for good, once. One of a delivery that isn't in the ledger (a test send's) is dropped.</summary>
    public static Task InsertAsync(Database database, ReceivedHit[] hits, CancellationToken ct) => database.ExecuteHotAsync(
        [.. hits.Select(h => h.TenantId).Distinct()],
        """
        INSERT INTO hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, link_index, url, method,
            user_agent, purpose, sec_purpose, x_moz, anonymous, from_data_centre)
        SELECT h.tenant_id, h.hit_id, h.received_at, h.kind, d.campaign_id, h.delivery_id, h.link_index, h.url, h.method,
            h.user_agent, h.purpose, h.sec_purpose, h.x_moz, h.anonymous, h.from_data_centre
        FROM unnest(@tenants, @ids, @ats, @kinds, @deliveries, @links, @urls, @methods, @agents, @purposes, @secPurposes, @xMoz, @anonymous, @dataCentres)
            AS h (tenant_id, hit_id, received_at, kind, delivery_id, link_index, url, method, user_agent, purpose, sec_purpose, x_moz, anonymous, from_data_centre)
        CROSS JOIN LATERAL (
            SELECT campaign_id FROM deliveries WHERE tenant_id = h.tenant_id AND delivery_id = h.delivery_id LIMIT 1) AS d
        ON CONFLICT DO NOTHING
        """,
        ct,
        ("tenants", Array.ConvertAll(hits, h => h.TenantId)),
        ("ids", Array.ConvertAll(hits, h => h.HitId)),
        ("ats", Array.ConvertAll(hits, h => h.At)),
        ("kinds", Array.ConvertAll(hits, h => h.Kind.Word())),
        ("deliveries", Array.ConvertAll(hits, h => h.DeliveryId)),
        ("links", Array.ConvertAll(hits, h => h.LinkIndex)),
        ("urls", Array.ConvertAll(hits, h => h.Url)),
        ("methods", Array.ConvertAll(hits, h => h.Method)),
        ("agents", Array.ConvertAll(hits, h => h.UserAgent)),
        ("purposes", Array.ConvertAll(hits, h => h.Purpose)),
        ("secPurposes", Array.ConvertAll(hits, h => h.SecPurpose)),
        ("xMoz", Array.ConvertAll(hits, h => h.HasXMoz)),
        ("anonymous", Array.ConvertAll(hits, h => h.IsAnonymous)),
        ("dataCentres", Array.ConvertAll(hits, h => h.FromDataCentre)));

    /// <summary>Lets one worker at a time judge a tenant's hits; false if another does.</summary>
    public static Task<bool> TryLockAsync(TenantTransaction transaction) => transaction.QuerySingleAsync<bool>(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('judge ' || @tenant, 0))", new { tenant = transaction.TenantId.ToString() });

    /// <summary>The oldest unjudged hits. For two seconds a hit waits for the rest of a burst to be stored beside it.</summary>
    public static Task<IReadOnlyList<StoredHit>> UnjudgedAsync(TenantTransaction transaction, int limit) => transaction.QueryAsync<StoredHit>($"""
        SELECT {Columns}, p.recipient_id, h.anonymous OR NOT coalesce(p.tracking, true) AS is_anonymous
        FROM hits h
        LEFT JOIN LATERAL (
            SELECT d.recipient_id, r.tracking
            FROM deliveries d LEFT JOIN recipients r ON r.tenant_id = @TenantId AND r.recipient_id = d.recipient_id
            WHERE d.tenant_id = @TenantId AND d.delivery_id = h.delivery_id LIMIT 1) AS p ON true
        WHERE h.tenant_id = @TenantId AND h.class IS NULL AND h.stored_at < clock_timestamp() - interval '2 seconds'
        ORDER BY h.stored_at LIMIT @limit
        """, new { transaction.TenantId, limit });

    /// <summary>How many links these campaigns have.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> LinksAsync(TenantTransaction transaction, Guid[] campaigns) =>
        (await transaction.QueryAsync<(Guid CampaignId, int Links)>("""
            SELECT campaign_id, count(*)::int FROM campaign_links WHERE tenant_id = @TenantId AND campaign_id = ANY (@campaigns) GROUP BY campaign_id
            """, new { transaction.TenantId, campaigns })).ToDictionary(c => c.CampaignId, c => c.Links);

    /// <summary>When relays accepted the mail of these deliveries, as far as they did: that is the last that happens to a row of the ledger.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Instant>> AcceptedAsync(TenantTransaction transaction, Guid[] deliveries) =>
        (await transaction.QueryAsync<(Guid DeliveryId, Instant At)>("""
            SELECT delivery_id, updated_at FROM deliveries
            WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveries) AND state = 'accepted'
            """, new { transaction.TenantId, deliveries })).ToDictionary(d => d.DeliveryId, d => d.At);

    /// <summary>All clicks, judged or not, near enough to share a burst or a walk with one of these; by delivery, in order of time and links.</summary>
    public static Task<IReadOnlyList<StoredClick>> NearAsync(
        TenantTransaction transaction, StoredHit[] clicks, IReadOnlyDictionary<Guid, int> links) => transaction.QueryAsync<StoredClick>("""
        SELECT n.delivery_id, n.hit_id, n.received_at, n.link_index
        FROM (SELECT delivery_id, min(at) - make_interval(secs => max(seconds)) AS starts, max(at) + make_interval(secs => max(seconds)) AS ends
              FROM unnest(@deliveries, @ats, @windows) AS c (delivery_id, at, seconds) GROUP BY delivery_id) AS span
        CROSS JOIN LATERAL (
            SELECT * FROM hits h
            WHERE h.tenant_id = @TenantId AND h.delivery_id = span.delivery_id AND h.received_at BETWEEN span.starts AND span.ends
            OFFSET 0) AS n
        WHERE n.link_index IS NOT NULL
        ORDER BY n.delivery_id, n.received_at, n.link_index
        """, new
        {
            transaction.TenantId,
            deliveries = Array.ConvertAll(clicks, c => c.DeliveryId),
            ats = Array.ConvertAll(clicks, c => c.ReceivedAt),
            windows = Array.ConvertAll(clicks, c => Math.Max(LinkBurst.Window.TotalSeconds, LinkWalk.Window(links.GetValueOrDefault(c.CampaignId)).TotalSeconds)),
        });

    /// <summary>
    /// Judged hits of these deliveries, by delivery and instant, from behind a place on: about so many, since all of one
    /// instant come together. Without an instant nothing is left of that place's delivery.
    /// </summary>
    public static Task<IReadOnlyList<StoredHit>> JudgedAsync(
        TenantTransaction transaction, IReadOnlyCollection<Guid> deliveries, Guid? afterDelivery, Instant? afterReceived, int limit) =>
        transaction.QueryAsync<StoredHit>($"""
            SELECT {Columns}
            FROM unnest(@deliveries) AS wanted (delivery_id)
            CROSS JOIN LATERAL (
                SELECT * FROM hits
                WHERE tenant_id = @TenantId AND delivery_id = wanted.delivery_id AND class IS NOT NULL
                  AND (wanted.delivery_id IS DISTINCT FROM @afterDelivery OR received_at > @afterReceived)
                ORDER BY received_at FETCH FIRST {limit} ROWS WITH TIES) AS h
            ORDER BY h.delivery_id, h.received_at FETCH FIRST {limit} ROWS WITH TIES
            """, new { transaction.TenantId, deliveries = deliveries.ToArray(), afterDelivery, afterReceived });

    /// <summary>Keeps what hits were judged. Anonymous ones lose all that tells whose they were.</summary>
    public static async Task KeepAsync(TenantTransaction transaction, IReadOnlyCollection<JudgedHit> judged)
    {
        foreach (var alike in judged.GroupBy(j => j.Hit.IsAnonymous))
            await KeepAsync(transaction, alike.Key, [.. alike]);
    }

    // Ids beside the join: whatever the planner knows of the hits, it finds the rows by their key.
    private static Task<int> KeepAsync(TenantTransaction transaction, bool areAnonymous, JudgedHit[] judged) => transaction.ExecuteAsync($"""
        UPDATE hits h SET class = v.class, reason = v.reason, rule_set = v.rule_set{(areAnonymous ? ", anonymous = true, delivery_id = NULL, url = NULL, user_agent = NULL" : "")}
        FROM unnest(@ids, @receipts, @classes, @reasons, @ruleSets) AS v (hit_id, received_at, class, reason, rule_set)
        WHERE h.tenant_id = @TenantId AND h.hit_id = ANY (@ids) AND h.hit_id = v.hit_id AND h.received_at = v.received_at
          AND h.received_at BETWEEN @first AND @last
        """, new
    {
        transaction.TenantId,
        ids = Array.ConvertAll(judged, j => j.Hit.HitId),
        receipts = Array.ConvertAll(judged, j => j.Hit.ReceivedAt),
        classes = Array.ConvertAll(judged, j => j.Verdict.Class.Word()),
        reasons = Array.ConvertAll(judged, j => j.Verdict.Reason),
        ruleSets = Array.ConvertAll(judged, j => j.Verdict.RuleSet),
        first = judged.Min(j => j.Hit.ReceivedAt),
        last = judged.Max(j => j.Hit.ReceivedAt),
    });

    /// <summary>Forgets where clicks of these deliveries led: a link can be made for one person. Its index stays.</summary>
    public static Task ForgetUrlsAsync(TenantTransaction transaction, Guid[] deliveries) => transaction.ExecuteAsync(
        "UPDATE hits SET url = NULL WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveries) AND url IS NOT NULL", new { transaction.TenantId, deliveries });

    /// <summary>The hits on what was mailed to a person, the oldest first.</summary>
    public static IAsyncEnumerable<PersonHit> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonHit>("""
        SELECT h.hit_id AS id, h.received_at, h.kind, h.campaign_id, h.delivery_id, h.url, h.user_agent, h.from_data_centre, h.class, h.reason
        FROM deliveries o
        CROSS JOIN LATERAL (SELECT * FROM hits WHERE tenant_id = @TenantId AND delivery_id = o.delivery_id OFFSET 0) AS h
        WHERE o.tenant_id = @TenantId AND o.recipient_id = @recipientId ORDER BY h.received_at, h.hit_id
        """, new { transaction.TenantId, recipientId });

    /// <summary>Deletes some of those that were received before; how many.</summary>
    public static Task<int> DropAsync(TenantTransaction transaction, Instant before, int limit) => transaction.ExecuteAsync("""
        DELETE FROM hits h USING (
            SELECT hit_id, received_at FROM hits WHERE tenant_id = @TenantId AND received_at < @before LIMIT @limit) AS old
        WHERE h.tenant_id = @TenantId AND h.hit_id = old.hit_id AND h.received_at = old.received_at AND h.received_at < @before
        """, new { transaction.TenantId, before, limit });
}

/// <summary>A stored hit, and what it was judged.</summary>
internal sealed record StoredHit
{
    public Guid HitId { get; init; }
    public Instant ReceivedAt { get; init; }
    public string KindWord { get; init; } = "";
    public Guid CampaignId { get; init; }
    public Guid DeliveryId { get; init; }
    public Guid? RecipientId { get; init; }
    public int? LinkIndex { get; init; }
    public string? Url { get; init; }
    public string Method { get; init; } = "";
    public string? UserAgent { get; init; }
    public string? Purpose { get; init; }
    public string? SecPurpose { get; init; }
    public bool HasXMoz { get; init; }
    public bool FromDataCentre { get; init; }

    /// <summary>The person, or their browser, wants not to be tracked: it is counted without them.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Null until judged, like the reason and the rule set.</summary>
    public string? Class { get; init; }
    public string? Reason { get; init; }
    public int? RuleSet { get; init; }

    /// <summary>False of a HEAD, which fetches no picture and follows no link: its hit is kept with its class, but nothing was opened or clicked.</summary>
    public bool MakesEvent => !HttpMethods.IsHead(Method);

    public HitKind Kind => WireWords.Parse<HitKind>(KindWord)!.Value;
}

/// <summary>When a stored click came, and on which link.</summary>
internal sealed record StoredClick
{
    public Guid DeliveryId { get; init; }
    public Guid HitId { get; init; }
    public Instant ReceivedAt { get; init; }
    public int LinkIndex { get; init; }
}

/// <summary>A hit with its verdict.</summary>
internal sealed record JudgedHit(StoredHit Hit, HitVerdict Verdict)
{
    /// <summary>Whether this is another verdict than the one that is kept.</summary>
    public bool IsNews => (Verdict.Class.Word(), Verdict.Reason, Verdict.RuleSet) != (Hit.Class, Hit.Reason, Hit.RuleSet);

    /// <summary>Whether it is of another class than before.</summary>
    public bool IsMoved => Verdict.Class.Word() != Hit.Class;
}
