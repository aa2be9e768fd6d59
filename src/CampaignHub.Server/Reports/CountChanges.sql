-- Counts changes into the roll-ups. Stands behind a WITH that names them:
--   changes (campaign_id, delivery_id, counters, amount, at, is_unique, device, client, link_index)
--     counters are named as their columns; device and client belong to hits, a delay to uniques and replies
--   link_changes (campaign_id, link_index, view, amount)   of links' uniques
-- What belongs to a delivery, and to its zone, is looked up by its key, row by row (LATERAL with a limit): with a plain join the
-- planner may read the whole ledger for every stretch. Each zone once: there are few beside the deliveries.
, ledger AS MATERIALIZED (
    SELECT b.delivery_id, d.*
    FROM (SELECT DISTINCT delivery_id FROM changes) AS b
    CROSS JOIN LATERAL (
        SELECT campaign_id, zone_number, country, mail_domain, sent_at
        FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = b.delivery_id LIMIT 1) AS d
),
zones AS MATERIALIZED (
    SELECT b.campaign_id, b.zone_number, z.time_zone, z.arm, to_char(z.local_time, 'HH24') AS local_hour, lower(to_char(z.local_time, 'Dy')) AS local_weekday
    FROM (SELECT DISTINCT campaign_id, zone_number FROM ledger) AS b
    CROSS JOIN LATERAL (
        SELECT time_zone, arm, local_time
        FROM plan_zones WHERE tenant_id = @TenantId AND campaign_id = b.campaign_id AND zone_number = b.zone_number LIMIT 1) AS z
),
-- Most of a stretch is alike in all that counts, and is told apart by dimension only once it is added up.
alike AS (
    SELECT c.campaign_id, c.counters, c.link_index, c.device, c.client, date_bin('15 minutes', c.at, '2000-01-01T00:00:00Z') AS quarter,
           l.country, l.mail_domain, z.time_zone, z.local_hour, z.local_weekday,
           CASE WHEN c.counters = '{accepted}' OR c.is_unique AND c.at < l.sent_at + interval '24 hours' THEN z.arm END AS arm,
           CASE WHEN c.is_unique OR c.counters = '{replies}' THEN width_bucket(extract(epoch FROM c.at - l.sent_at)::float8, @delayBounds) END AS delay,
           sum(c.amount) AS amount
    FROM changes c
    LEFT JOIN ledger l ON l.delivery_id = c.delivery_id
    LEFT JOIN zones z ON z.campaign_id = l.campaign_id AND z.zone_number = l.zone_number
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
),
counted AS (
    SELECT d.campaign_id, d.dimension, d.key, a.counters, sum(a.amount) AS amount
    FROM alike a
    CROSS JOIN to_char(a.quarter AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS quarter_key
    CROSS JOIN LATERAL (VALUES
        (a.campaign_id, 'total', ''),
        (a.campaign_id, 'quarter', quarter_key),
        (@wholeTenant, 'quarter', quarter_key),
        (a.campaign_id, 'link', a.link_index::text),
        (a.campaign_id, 'country', coalesce(a.country, '')),
        (a.campaign_id, 'mail_domain', coalesce(a.mail_domain, '')),
        (a.campaign_id, 'time_zone', coalesce(a.time_zone, '')),
        (a.campaign_id, 'local_hour', coalesce(a.local_hour, '')),
        (a.campaign_id, 'local_weekday', coalesce(a.local_weekday, '')),
        (a.campaign_id, 'arm', a.arm),
        (a.campaign_id, 'device', a.device),
        (a.campaign_id, 'client', a.client),
        (a.campaign_id, 'delay', a.delay::text)
    ) AS d (campaign_id, dimension, key)
    WHERE d.key IS NOT NULL
    GROUP BY d.campaign_id, d.dimension, d.key, a.counters
    UNION ALL
    SELECT campaign_id, 'link', link_index::text, ARRAY['click_' || view || '_unique'], sum(amount) FROM link_changes GROUP BY campaign_id, link_index, view
)
INSERT INTO rollups AS r (tenant_id, campaign_id, dimension, key,
    accepted, bounces_hard, bounces_soft, complaints, unsubscribes, replies, open_all_hits, open_all_unique,
    open_without_privacy_proxies_hits, open_without_privacy_proxies_unique, open_human_hits, open_human_unique,
    click_all_hits, click_all_unique, click_without_privacy_proxies_hits, click_without_privacy_proxies_unique,
    click_human_hits, click_human_unique)
SELECT @TenantId, campaign_id, dimension, key,
    coalesce(sum(amount) FILTER (WHERE counter = 'accepted'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'bounces_hard'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'bounces_soft'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'complaints'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'unsubscribes'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'replies'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'open_all_hits'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'open_all_unique'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'open_without_privacy_proxies_hits'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'open_without_privacy_proxies_unique'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'open_human_hits'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'open_human_unique'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'click_all_hits'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'click_all_unique'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'click_without_privacy_proxies_hits'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'click_without_privacy_proxies_unique'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'click_human_hits'), 0),
    coalesce(sum(amount) FILTER (WHERE counter = 'click_human_unique'), 0)
FROM counted CROSS JOIN unnest(counters) AS counter
GROUP BY campaign_id, dimension, key
ON CONFLICT (tenant_id, campaign_id, dimension, key) DO UPDATE SET
    accepted = r.accepted + excluded.accepted,
    bounces_hard = r.bounces_hard + excluded.bounces_hard,
    bounces_soft = r.bounces_soft + excluded.bounces_soft,
    complaints = r.complaints + excluded.complaints,
    unsubscribes = r.unsubscribes + excluded.unsubscribes,
    replies = r.replies + excluded.replies,
    open_all_hits = r.open_all_hits + excluded.open_all_hits,
    open_all_unique = r.open_all_unique + excluded.open_all_unique,
    open_without_privacy_proxies_hits = r.open_without_privacy_proxies_hits + excluded.open_without_privacy_proxies_hits,
    open_without_privacy_proxies_unique = r.open_without_privacy_proxies_unique + excluded.open_without_privacy_proxies_unique,
    open_human_hits = r.open_human_hits + excluded.open_human_hits,
    open_human_unique = r.open_human_unique + excluded.open_human_unique,
    click_all_hits = r.click_all_hits + excluded.click_all_hits,
    click_all_unique = r.click_all_unique + excluded.click_all_unique,
    click_without_privacy_proxies_hits = r.click_without_privacy_proxies_hits + excluded.click_without_privacy_proxies_hits,
    click_without_privacy_proxies_unique = r.click_without_privacy_proxies_unique + excluded.click_without_privacy_proxies_unique,
    click_human_hits = r.click_human_hits + excluded.click_human_hits,
    click_human_unique = r.click_human_unique + excluded.click_human_unique
