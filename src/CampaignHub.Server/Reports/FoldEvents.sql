-- Folds the events of a stretch of the tenant's log into its counters. Runs once per stretch, in the transaction that
-- moves the cursor past it.
-- A delivery's place in the plan is looked up by its key, row by row (LATERAL with a limit): with a plain join the planner
-- may read the whole ledger for every stretch.
WITH batch AS (
    SELECT e.campaign_id, e.delivery_id, e.type, e.class, e.at, p.country, p.time_zone, p.local_hour
    FROM events e
    LEFT JOIN LATERAL (
        SELECT d.country, z.time_zone, to_char(z.local_time, 'HH24') AS local_hour
        FROM deliveries d
        LEFT JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
        WHERE d.tenant_id = @TenantId AND d.delivery_id = e.delivery_id LIMIT 1) AS p ON true
    WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through AND e.campaign_id IS NOT NULL
),
-- A hit once for each view that counts its class.
seen AS (
    SELECT b.*, m.measure, v.view
    FROM batch b
    JOIN unnest(@measureTypes, @measures) AS m (type, measure) ON m.type = b.type
    JOIN unnest(@views, @classes) AS v (view, class) ON v.class = b.class
),
-- The mark that keeps a unique from being counted twice. An earlier hit that was recorded later moves the mark.
marked AS (
    INSERT INTO first_hits AS f (tenant_id, campaign_id, delivery_id, measure, view, first_at)
    SELECT @TenantId, campaign_id, delivery_id, measure, view, min(at) FROM seen GROUP BY campaign_id, delivery_id, measure, view
    ON CONFLICT (tenant_id, campaign_id, delivery_id, measure, view)
        DO UPDATE SET first_at = excluded.first_at WHERE excluded.first_at < f.first_at
    RETURNING f.campaign_id, f.delivery_id, f.measure, f.view, f.xmax = 0 AS is_new
),
counted AS (
    SELECT b.campaign_id, b.country, b.time_zone, b.local_hour, c.counter
    FROM batch b JOIN unnest(@countedTypes, @counters) AS c (type, counter) ON c.type = b.type
    UNION ALL
    SELECT campaign_id, country, time_zone, local_hour, CASE class WHEN 'hard' THEN 'bounces.hard' ELSE 'bounces.soft' END
    FROM batch WHERE type = @bounced
    UNION ALL
    SELECT campaign_id, country, time_zone, local_hour, measure || '.' || view || '.hits' FROM seen
    UNION ALL
    SELECT m.campaign_id, p.country, p.time_zone, p.local_hour, m.measure || '.' || m.view || '.unique'
    FROM marked m
    LEFT JOIN LATERAL (
        SELECT d.country, z.time_zone, to_char(z.local_time, 'HH24') AS local_hour
        FROM deliveries d
        LEFT JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
        WHERE d.tenant_id = @TenantId AND d.delivery_id = m.delivery_id LIMIT 1) AS p ON true
    WHERE m.is_new
)
INSERT INTO rollups AS r (tenant_id, campaign_id, dimension, key, counter, value)
SELECT @TenantId, c.campaign_id, d.dimension, d.key, c.counter, count(*)
FROM counted c
CROSS JOIN LATERAL (VALUES
    ('total', ''), ('country', coalesce(c.country, '')), ('time_zone', coalesce(c.time_zone, '')),
    ('local_hour', coalesce(c.local_hour, ''))) AS d (dimension, key)
GROUP BY c.campaign_id, d.dimension, d.key, c.counter
ON CONFLICT (tenant_id, campaign_id, dimension, key, counter) DO UPDATE SET value = r.value + excluded.value
