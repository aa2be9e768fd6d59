-- Folds the events of a stretch of the tenant's log into its counters: what they change, which CountChanges.sql counts. Runs
-- once per stretch, in the transaction that moves the cursor past it.
WITH batch AS MATERIALIZED (
    SELECT e.campaign_id, e.delivery_id, e.type, e.class, e.at, e.sequence, e.link_index,
           coalesce(a.device, '') AS device, coalesce(a.client, '') AS client
    FROM events e
    LEFT JOIN unnest(@hitSequences, @devices, @clients) AS a (sequence, device, client) ON a.sequence = e.sequence
    WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through AND e.campaign_id IS NOT NULL
),
-- A hit once for each view that counts its class. An anonymous one, without a delivery, is no unique.
seen AS MATERIALIZED (
    SELECT b.*, m.measure, v.view
    FROM batch b
    JOIN unnest(@measureTypes, @measures) AS m (type, measure) ON m.type = b.type
    JOIN unnest(@views, @classes) AS v (view, class) ON v.class = b.class
),
earliest AS (
    SELECT DISTINCT ON (campaign_id, delivery_id, measure, view) *
    FROM seen WHERE delivery_id IS NOT NULL ORDER BY campaign_id, delivery_id, measure, view, at, sequence
),
-- The mark that keeps a unique from being counted twice. An earlier hit that was recorded later moves the mark.
marked AS (
    INSERT INTO first_hits AS f (tenant_id, campaign_id, delivery_id, measure, view, first_at, device, client)
    SELECT @TenantId, campaign_id, delivery_id, measure, view, at, device, client FROM earliest
    ON CONFLICT (tenant_id, campaign_id, delivery_id, measure, view)
        DO UPDATE SET first_at = excluded.first_at, device = excluded.device, client = excluded.client
        WHERE excluded.first_at < f.first_at
    RETURNING f.campaign_id, f.delivery_id, f.measure, f.view, f.first_at, f.device, f.client, f.xmax = 0 AS is_new
),
-- Where a mark that moved stood: this statement still sees it there.
moved AS (
    SELECT m.campaign_id, m.delivery_id, m.measure, m.view, f.first_at, f.device, f.client
    FROM marked m
    CROSS JOIN LATERAL (
        SELECT first_at, device, client FROM first_hits
        WHERE tenant_id = @TenantId AND campaign_id = m.campaign_id AND delivery_id = m.delivery_id
          AND measure = m.measure AND view = m.view LIMIT 1) AS f
    WHERE NOT m.is_new
),
link_marked AS (
    INSERT INTO first_link_hits (tenant_id, campaign_id, delivery_id, link_index, view)
    SELECT DISTINCT @TenantId::uuid, campaign_id, delivery_id, link_index, view FROM seen WHERE link_index IS NOT NULL AND delivery_id IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING campaign_id, link_index, view
),
-- Counters are named as their columns. Device and client belong to hits, a delay to uniques and replies.
changes AS (
    SELECT b.campaign_id, b.delivery_id, c.counter, 1 AS amount, b.at, false AS is_unique,
           NULL AS device, NULL AS client, NULL::int AS link_index
    FROM batch b JOIN unnest(@countedTypes, @counters) AS c (type, counter) ON c.type = b.type
    UNION ALL
    SELECT campaign_id, delivery_id, CASE class WHEN 'hard' THEN 'bounces_hard' ELSE 'bounces_soft' END, 1, at, false, NULL, NULL, NULL
    FROM batch WHERE type = @bounced
    UNION ALL
    SELECT campaign_id, delivery_id, measure || '_' || view || '_hits', 1, at, false, device, client, link_index FROM seen
    UNION ALL
    SELECT campaign_id, delivery_id, measure || '_' || view || '_unique', 1, first_at, true, device, client, NULL FROM marked
    UNION ALL
    SELECT campaign_id, delivery_id, measure || '_' || view || '_unique', -1, first_at, true, device, client, NULL FROM moved
),
link_changes AS (
    SELECT campaign_id, link_index, view, 1 AS amount FROM link_marked
)
