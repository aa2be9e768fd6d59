-- The time from a message to its replies, in the roll-ups' dimension `delay` beside opens and clicks: those that are counted already.
SET LOCAL search_path = campaignhub;

INSERT INTO rollups AS r (tenant_id, campaign_id, dimension, key, replies)
SELECT e.tenant_id, e.campaign_id, 'delay', width_bucket(extract(epoch FROM e.at - d.sent_at)::float8, scale.bounds)::text, count(*)
FROM events e
JOIN report_cursors c ON c.tenant_id = e.tenant_id AND e.sequence <= c.folded_through
JOIN deliveries d ON d.tenant_id = e.tenant_id AND d.delivery_id = e.delivery_id AND d.sent_at IS NOT NULL
-- Core's DelayScale: a second at first, then eight buckets a doubling.
CROSS JOIN (SELECT array_agg(round(power(2::float8, n / 8.0::float8)::numeric, 6)::float8 ORDER BY n) AS bounds FROM generate_series(0, 184) AS n) AS scale
WHERE e.type = 'delivery.replied' AND e.campaign_id IS NOT NULL
GROUP BY 1, 2, 4
ON CONFLICT (tenant_id, campaign_id, dimension, key) DO UPDATE SET replies = r.replies + excluded.replies;
