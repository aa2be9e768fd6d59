-- Counts changes into the roll-ups. Stands behind a WITH that names them:
--   changes (campaign_id, delivery_id, counter, amount, at, is_unique, device, client, link_index)
--   link_changes (campaign_id, link_index, view, amount)   of links' uniques
-- What belongs to a delivery is looked up by its key, row by row (LATERAL with a limit): with a plain join the planner may
-- read the whole ledger for every stretch.
, places AS MATERIALIZED (
    SELECT b.delivery_id, d.country, d.mail_domain, d.sent_at, d.time_zone, d.arm, to_char(d.local_time, 'HH24') AS local_hour,
           lower(to_char(d.local_time, 'Dy')) AS local_weekday
    FROM (SELECT DISTINCT delivery_id FROM changes) AS b
    CROSS JOIN LATERAL (
        SELECT d.country, d.mail_domain, d.sent_at, z.time_zone, z.arm, z.local_time
        FROM deliveries d
        LEFT JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
        WHERE d.tenant_id = @TenantId AND d.delivery_id = b.delivery_id LIMIT 1) AS d
),
counted AS (
    SELECT d.campaign_id, d.dimension, d.key, c.counter, sum(c.amount) AS amount
    FROM changes c
    LEFT JOIN places p ON p.delivery_id = c.delivery_id
    CROSS JOIN to_char(date_bin('15 minutes', c.at, '2000-01-01T00:00:00Z') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS quarter
    CROSS JOIN LATERAL (VALUES
        (c.campaign_id, 'total', ''),
        (c.campaign_id, 'quarter', quarter),
        (@wholeTenant, 'quarter', quarter),
        (c.campaign_id, 'link', c.link_index::text),
        (c.campaign_id, 'country', coalesce(p.country, '')),
        (c.campaign_id, 'mail_domain', coalesce(p.mail_domain, '')),
        (c.campaign_id, 'time_zone', coalesce(p.time_zone, '')),
        (c.campaign_id, 'local_hour', coalesce(p.local_hour, '')),
        (c.campaign_id, 'local_weekday', coalesce(p.local_weekday, '')),
        (c.campaign_id, 'arm', CASE WHEN c.counter = 'accepted' OR c.is_unique AND c.at < p.sent_at + interval '24 hours' THEN p.arm END),
        (c.campaign_id, 'device', c.device),
        (c.campaign_id, 'client', c.client),
        (c.campaign_id, 'delay', CASE WHEN c.is_unique OR c.counter = 'replies' THEN width_bucket(extract(epoch FROM c.at - p.sent_at)::float8, @delayBounds)::text END)
    ) AS d (campaign_id, dimension, key)
    WHERE d.key IS NOT NULL
    GROUP BY d.campaign_id, d.dimension, d.key, c.counter
    UNION ALL
    SELECT campaign_id, 'link', link_index::text, 'click_' || view || '_unique', sum(amount) FROM link_changes GROUP BY campaign_id, link_index, view
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
FROM counted
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
