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
        h.method, h.user_agent, h.purpose, h.sec_purpose, h.x_moz AS has_x_moz, h.from_data_centre, h.ip_country, h.network,
        h.in_network_burst, h.judge_again AS is_to_be_judged_again, h.class, h.reason, h.rule_set
        """;

    /// <summary>Stores hits for good, once. One of a delivery that isn't in the ledger (a test send's) is dropped. Of people who were erased it is kept neither where they come from nor where the link led, which can be made for one person.</summary>
    public static Task InsertAsync(Database database, ReceivedHit[] hits, CancellationToken ct) => database.ExecuteHotAsync(
        [.. hits.Select(h => h.TenantId).Distinct()],
        """
        INSERT INTO hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, link_index, url, method,
            user_agent, purpose, sec_purpose, x_moz, anonymous, from_data_centre, ip_country, network)
        SELECT h.tenant_id, h.hit_id, h.received_at, h.kind, d.campaign_id, h.delivery_id, h.link_index, CASE WHEN d.email IS NOT NULL THEN h.url END, h.method,
            h.user_agent, h.purpose, h.sec_purpose, h.x_moz, h.anonymous, h.from_data_centre,
            CASE WHEN d.email IS NOT NULL THEN h.ip_country END, CASE WHEN d.email IS NOT NULL THEN h.network END
        FROM unnest(@tenants, @ids, @ats, @kinds, @deliveries, @links, @urls, @methods, @agents, @purposes, @secPurposes, @xMoz, @anonymous, @dataCentres, @countries,
                @networks)
            AS h (tenant_id, hit_id, received_at, kind, delivery_id, link_index, url, method, user_agent, purpose, sec_purpose, x_moz, anonymous, from_data_centre,
                ip_country, network)
        CROSS JOIN LATERAL (
            SELECT campaign_id, email FROM deliveries WHERE tenant_id = h.tenant_id AND delivery_id = h.delivery_id LIMIT 1) AS d
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
        ("dataCentres", Array.ConvertAll(hits, h => h.FromDataCentre)),
        ("countries", Array.ConvertAll(hits, h => h.IpCountry)),
        ("networks", Array.ConvertAll(hits, h => h.Network)));

    /// <summary>Lets one worker at a time judge a tenant's hits; false if another does.</summary>
    public static Task<bool> TryLockAsync(TenantTransaction transaction) => transaction.TryTakeTurnAsync($"judge {transaction.TenantId}");

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

    /// <summary>When, in real time, the oldest hit was stored that isn't judged yet; null where all are. Hits are judged in this order.</summary>
    public static Task<Instant?> OldestUnjudgedAsync(TenantTransaction transaction) => transaction.QueryFirstOrDefaultAsync<Instant?>(
        "SELECT stored_at FROM hits WHERE tenant_id = @TenantId AND class IS NULL ORDER BY stored_at LIMIT 1", new { transaction.TenantId });

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

    /// <summary>Judged hits of which it was found out later what they belong to, with all others of their delivery and instant: about so many.</summary>
    public static Task<IReadOnlyList<StoredHit>> ToJudgeAgainAsync(TenantTransaction transaction, int limit) => transaction.QueryAsync<StoredHit>($"""
        SELECT {Columns}
        FROM (SELECT DISTINCT delivery_id, received_at
              FROM (SELECT delivery_id, received_at FROM hits WHERE tenant_id = @TenantId AND judge_again ORDER BY received_at LIMIT @limit) AS front) AS noted
        CROSS JOIN LATERAL (
            SELECT * FROM hits
            WHERE tenant_id = @TenantId AND delivery_id = noted.delivery_id AND received_at = noted.received_at AND class IS NOT NULL
            OFFSET 0) AS h
        """, new { transaction.TenantId, limit });

    /// <summary>Notes that clicks belong to a burst of their network. Those that were judged before that was seen are to be judged again.</summary>
    public static Task NoteNetworkBurstAsync(TenantTransaction transaction, IReadOnlyCollection<NetworkNeighbour> clicks) => transaction.ExecuteAsync("""
        UPDATE hits SET in_network_burst = true, judge_again = class IS NOT NULL
        WHERE tenant_id = @TenantId AND hit_id = ANY (@ids) AND received_at BETWEEN @first AND @last AND delivery_id IS NOT NULL AND NOT in_network_burst
        """, new { transaction.TenantId, ids = clicks.Select(c => c.HitId).ToArray(), first = clicks.Min(c => c.ReceivedAt), last = clicks.Max(c => c.ReceivedAt) });

    /// <summary>Leaves hits as they were judged, though it was found out later what they belong to.</summary>
    public static Task LeaveAsJudgedAsync(TenantTransaction transaction, IReadOnlyCollection<StoredHit> hits) => transaction.ExecuteAsync("""
        UPDATE hits SET judge_again = false WHERE tenant_id = @TenantId AND judge_again AND hit_id = ANY (@ids) AND received_at BETWEEN @first AND @last
        """, new { transaction.TenantId, ids = hits.Select(h => h.HitId).ToArray(), first = hits.Min(h => h.ReceivedAt), last = hits.Max(h => h.ReceivedAt) });

    /// <summary>
    /// Keeps what hits were judged. The network goes, and of anonymous ones all that tells whose they were. Those judged alike together: joined
    /// with a list of verdicts, hits newer than the planner's statistics, as they always are, were each compared with the whole list. What another
    /// has noted of a burst since these were read stays, and is looked at again.
    /// </summary>
    public static async Task KeepAsync(TenantTransaction transaction, IReadOnlyCollection<JudgedHit> judged)
    {
        foreach (var alike in judged.GroupBy(j => (j.Verdict, j.Hit.InNetworkBurst, j.Hit.IsAnonymous)))
            await transaction.ExecuteAsync($"""
                UPDATE hits SET class = @class, reason = @Reason, rule_set = @RuleSet, in_network_burst = in_network_burst OR @InNetworkBurst,
                    judge_again = judge_again AND NOT @InNetworkBurst,
                    network = NULL{(alike.Key.IsAnonymous ? ", anonymous = true, delivery_id = NULL, url = NULL, user_agent = NULL, ip_country = NULL" : "")}
                WHERE tenant_id = @TenantId AND hit_id = ANY (@ids) AND received_at BETWEEN @first AND @last
                """, new
            {
                transaction.TenantId,
                @class = alike.Key.Verdict.Class.Word(),
                alike.Key.Verdict.Reason,
                alike.Key.Verdict.RuleSet,
                alike.Key.InNetworkBurst,
                ids = alike.Select(j => j.Hit.HitId).ToArray(),
                first = alike.Min(j => j.Hit.ReceivedAt),
                last = alike.Max(j => j.Hit.ReceivedAt),
            });
    }

    /// <summary>Forgets where clicks of these deliveries led, since a link can be made for one person, and where hits came from. A link's index stays.</summary>
    public static Task ForgetPlacesAsync(TenantTransaction transaction, Guid[] deliveries) => transaction.ExecuteAsync("""
        UPDATE hits SET url = NULL, ip_country = NULL, network = NULL
        WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveries) AND (url IS NOT NULL OR ip_country IS NOT NULL OR network IS NOT NULL)
        """, new { transaction.TenantId, deliveries });

    /// <summary>The hits on what was mailed to a person, the oldest first.</summary>
    public static IAsyncEnumerable<PersonHit> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonHit>("""
        SELECT h.hit_id AS id, h.received_at, h.kind, h.campaign_id, h.delivery_id, h.url, h.user_agent, h.ip_country, h.from_data_centre, h.class, h.reason
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
