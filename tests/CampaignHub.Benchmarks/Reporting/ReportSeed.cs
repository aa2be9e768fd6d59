namespace CampaignHub.Benchmarks.Reporting;

/// <summary>
/// Lays campaigns that were sent a month ago, set-based: half of their events are acceptances, 40 % opens, 10 % clicks, spread
/// over a month, 300 zones, 60 countries, 20,000 mail domains and five links. The service folds them as it folds any others.
/// </summary>
internal sealed class ReportSeed(Database database, Guid tenantId)
{
    private const int OtherCampaigns = 100;

    private static readonly string[] s_zones = [.. NodaTime.DateTimeZoneProviders.Tzdb.Ids.Where(id => id.Contains('/', StringComparison.Ordinal)).Take(300)];

    /// <summary>Makes a campaign with so many events.</summary>
    public async Task<Guid> LayAsync(string name, int events, int daysAgo = 30)
    {
        var campaign = Guid.CreateVersion7();
        await database.ExecuteAsync("SELECT campaignhub.ensure_monthly_partitions(parent, now() - interval '31 days') FROM unnest(ARRAY['events', 'hits']) AS parent");
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.campaigns (tenant_id, campaign_id, name, audience, status, created_at, updated_at, launched_at)
            VALUES ($1, $2, $3, '{}', 'sending', now(), now(), now() - make_interval(days => $4))
            """, tenantId, campaign, name, daysAgo);
        await database.ExecuteAsync("INSERT INTO campaignhub.plans (tenant_id, campaign_id, status, requested_at) VALUES ($1, $2, 'ready', now())", tenantId, campaign);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.plan_zones (tenant_id, campaign_id, zone_number, time_zone, rule, local_time, adjustment, recipients)
            SELECT $1, $2, n - 1, name, 'local_time', timestamp '2026-11-27T00:00' + make_interval(hours => (n % 24)::int), 'none', $3 / 300
            FROM unnest($4) WITH ORDINALITY AS z (name, n)
            """, tenantId, campaign, events / 2, s_zones);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.campaign_links (tenant_id, campaign_id, link_index, url, dynamic)
            SELECT $1, $2, n, 'https://shop.example/' || n, false FROM generate_series(0, 4) AS n
            """, tenantId, campaign);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, mail_domain, country,
                time_zone_source, zone_number, state, sent_at, updated_at)
            SELECT $1, campaignhub.uuid_of_run((SELECT campaignhub.uuid_v7(now())::text), i), $2, gen_random_uuid(), decode(md5(i::text), 'hex'),
                   CASE WHEN i % 10 < 6 THEN 'large' || i % 10 ELSE 'd' || i % 20000 END || '.example', chr(65 + i % 6) || chr(65 + i / 6 % 10),
                   'given', i % 300, 'accepted', now() - make_interval(days => $4, secs => -(i % 86400)), now()
            FROM generate_series(1, $3) AS i
            """, tenantId, campaign, events / 2, daysAgo);
        await AppendAsync(campaign, "delivery.accepted", "true", "d.sent_at + interval '1 second'", hasHit: false);
        await AppendAsync(campaign, "delivery.opened", "get_byte(d.address_hash, 1) < 205", Later("6"), hasHit: true);
        await AppendAsync(campaign, "delivery.clicked", "get_byte(d.address_hash, 2) < 51", Later("7"), hasHit: true);
        return campaign;
    }

    /// <summary>A hundred small ones, with a tenth of these events in all.</summary>
    public async Task LayOthersAsync(int events)
    {
        for (var i = 0; i < OtherCampaigns; i++)
            await LayAsync($"Other {i}", Math.Max(20, events / 10 / OtherCampaigns), 1 + i % 29);
    }

    /// <summary>So many opens that come in now, as the log has them before they are numbered.</summary>
    public Task ArriveAsync(Guid campaign, int events) => database.ExecuteAsync("""
        INSERT INTO campaignhub.events (tenant_id, event_id, received_at, type, at, campaign_id, delivery_id, recipient_id, class)
        SELECT tenant_id, campaignhub.uuid_v7(now()), now(), 'delivery.opened', now(), campaign_id, delivery_id, recipient_id, 'human'
        FROM campaignhub.deliveries
        WHERE tenant_id = $1 AND campaign_id = $2 AND address_hash >= decode(md5(random()::text), 'hex') LIMIT $3
        """, tenantId, campaign, events);

    /// <summary>Most read within hours, some after weeks.</summary>
    private static string Later(string byteOf) => $"d.sent_at + interval '1 minute' + interval '29 days' * pow(get_byte(d.address_hash, {byteOf}) / 256.0 * get_byte(d.address_hash, 9) / 256.0, 4)";

    private async Task AppendAsync(Guid campaign, string type, string chosen, string at, bool hasHit)
    {
        const string Class = "(ARRAY['human', 'human', 'human', 'privacy_proxy', 'machine'])[1 + get_byte(d.address_hash, 3) % 5]";
        const string Link = "get_byte(d.address_hash, 4) % 5";
        var isClick = type == "delivery.clicked";
        if (hasHit)
            await database.ExecuteAsync($"""
                INSERT INTO campaignhub.hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, link_index, method, user_agent, x_moz, class)
                SELECT d.tenant_id, gen_random_uuid(), {at}, '{(isClick ? "click" : "open")}', d.campaign_id, d.delivery_id, {(isClick ? Link : "NULL")}, 'GET',
                       (ARRAY['Mozilla/5.0', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/' || 100 + get_byte(d.address_hash, 5) % 40 || '.0.0.0 Safari/537.36',
                              'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'])[1 + get_byte(d.address_hash, 5) % 3],
                       false, {Class}
                FROM campaignhub.deliveries d WHERE d.tenant_id = $1 AND d.campaign_id = $2 AND {chosen}
                """, tenantId, campaign);
        await database.ExecuteAsync($"""
            WITH laid AS (
                INSERT INTO campaignhub.events (tenant_id, event_id, received_at, sequence, type, at, campaign_id, delivery_id, recipient_id, class, link_index)
                SELECT d.tenant_id, gen_random_uuid(), {at},
                       coalesce((SELECT last_sequence FROM campaignhub.event_sequences WHERE tenant_id = $1), 0) + row_number() OVER (),
                       '{type}', {at}, d.campaign_id, d.delivery_id, d.recipient_id, {(hasHit ? Class : "NULL")}, {(isClick ? Link : "NULL::int")}
                FROM campaignhub.deliveries d WHERE d.tenant_id = $1 AND d.campaign_id = $2 AND {chosen}
                RETURNING 1
            )
            INSERT INTO campaignhub.event_sequences AS s (tenant_id, last_sequence) SELECT $1, count(*) FROM laid
            ON CONFLICT (tenant_id) DO UPDATE SET last_sequence = s.last_sequence + excluded.last_sequence
            """, tenantId, campaign);
    }
}
