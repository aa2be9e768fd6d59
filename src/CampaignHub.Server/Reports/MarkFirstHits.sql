-- Keeps the marks that a unique isn't counted twice by, and adds what they change. Stands between a WITH that names
--   stood, now (campaign_id, delivery_id, measure, class, first_at, device, client, links)   marks of the same deliveries
--   plain_changes   what else is counted, as CountChanges.sql takes it
-- and CountChanges.sql. A delivery's first hit in a view is the earliest of all classes that the view counts; of one instant, that of
-- the class that the alphabet has first.
, marked AS (
    INSERT INTO first_hits (tenant_id, campaign_id, delivery_id, measure, class, first_at, device, client, links)
    SELECT @TenantId, campaign_id, delivery_id, measure, class, first_at, device, client, links FROM (TABLE now EXCEPT TABLE stood) AS changed
    ON CONFLICT (tenant_id, campaign_id, delivery_id, measure, class) DO UPDATE
        SET first_at = excluded.first_at, device = excluded.device, client = excluded.client, links = excluded.links
),
viewed AS MATERIALIZED (
    SELECT m.*, v.view
    FROM (SELECT *, -1 AS amount FROM stood UNION ALL SELECT *, 1 FROM now) AS m
    JOIN unnest(@viewsOfClasses, @classes) AS v (view, class) ON v.class = m.class
),
firsts AS (
    SELECT DISTINCT ON (amount, delivery_id, measure, view) * FROM viewed ORDER BY amount, delivery_id, measure, view, first_at, class
),
changes AS (
    TABLE plain_changes
    UNION ALL
    SELECT campaign_id, delivery_id, array_agg(counter ORDER BY counter), amount, first_at, true, device, client, NULL
    FROM (
        SELECT campaign_id, delivery_id, measure || '_' || view || '_unique' AS counter, sum(amount) AS amount, first_at, device, client
        FROM firsts GROUP BY campaign_id, delivery_id, measure, view, first_at, device, client HAVING sum(amount) <> 0) AS moved
    GROUP BY campaign_id, delivery_id, amount, first_at, device, client
),
link_changes AS (
    SELECT campaign_id, link_index, view, sum(amount) AS amount
    FROM (SELECT DISTINCT campaign_id, delivery_id, view, amount, unnest(links) AS link_index FROM viewed) AS followed
    GROUP BY campaign_id, link_index, view HAVING sum(amount) <> 0
)
