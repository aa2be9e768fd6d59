-- Folds the events of a stretch of the tenant's log into its counters: what they change, which MarkFirstHits.sql and CountChanges.sql
-- go on with. Runs once per stretch, in the transaction that moves the cursor past it.
WITH batch AS MATERIALIZED (
    SELECT e.campaign_id, e.delivery_id, e.type, e.class, e.at, e.sequence, e.link_index,
           coalesce(a.device, '') AS device, coalesce(a.client, '') AS client
    FROM events e
    LEFT JOIN unnest(@hitSequences, @devices, @clients) AS a (sequence, device, client) ON a.sequence = e.sequence
    WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through AND e.campaign_id IS NOT NULL
),
seen AS MATERIALIZED (
    SELECT b.*, m.measure
    FROM batch b
    JOIN unnest(@measureTypes, @measures) AS m (type, measure) ON m.type = b.type
    WHERE b.class IS NOT NULL
),
stood AS MATERIALIZED (
    SELECT f.campaign_id, f.delivery_id, f.measure, f.class, f.first_at, f.device, f.client, f.links
    FROM (SELECT DISTINCT campaign_id, delivery_id, measure FROM seen) AS d
    CROSS JOIN LATERAL (
        SELECT * FROM first_hits
        WHERE tenant_id = @TenantId AND campaign_id = d.campaign_id AND delivery_id = d.delivery_id AND measure = d.measure OFFSET 0) AS f
),
-- An earlier hit that was recorded later moves the mark. An anonymous one, without a delivery, makes none.
now AS MATERIALIZED (
    SELECT campaign_id, delivery_id, measure, class, min(at) AS first_at,
           (array_agg(device ORDER BY at, sequence))[1] AS device, (array_agg(client ORDER BY at, sequence))[1] AS client,
           array_agg(DISTINCT link_index) FILTER (WHERE link_index IS NOT NULL) AS links
    FROM (
        SELECT campaign_id, delivery_id, measure, class, at, sequence, device, client, link_index FROM seen WHERE delivery_id IS NOT NULL
        UNION ALL
        SELECT campaign_id, delivery_id, measure, class, first_at, 0, device, client, link_index
        FROM stood LEFT JOIN LATERAL unnest(links) AS link_index ON true) AS known
    GROUP BY campaign_id, delivery_id, measure, class
),
-- The counters of a hit in every view that counts its class.
counters_of_hits AS (
    SELECT m.measure, v.class, array_agg(m.measure || '_' || v.view || '_hits' ORDER BY v.view) AS counters
    FROM unnest(@measures) AS m (measure) CROSS JOIN unnest(@viewsOfClasses, @classes) AS v (view, class)
    GROUP BY m.measure, v.class
),
plain_changes AS (
    SELECT b.campaign_id, b.delivery_id, ARRAY[c.counter] AS counters, 1 AS amount, b.at, false AS is_unique,
           NULL AS device, NULL AS client, NULL::int AS link_index
    FROM batch b JOIN unnest(@countedTypes, @counters) AS c (type, counter) ON c.type = b.type
    UNION ALL
    SELECT campaign_id, delivery_id, ARRAY[CASE class WHEN 'hard' THEN 'bounces_hard' ELSE 'bounces_soft' END], 1, at, false, NULL, NULL, NULL
    FROM batch WHERE type = @bounced
    UNION ALL
    SELECT s.campaign_id, s.delivery_id, h.counters, 1, s.at, false, s.device, s.client, s.link_index
    FROM seen s JOIN counters_of_hits h ON (h.measure, h.class) = (s.measure, s.class)
)
