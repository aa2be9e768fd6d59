-- What hits of one campaign that have got another class change of its counters, which CountChanges.sql counts, and of the marks of
-- first hits. @first… name what is now the first hit of their deliveries, by measure and view; a device that is null is not known.
WITH hit_changes AS MATERIALIZED (
    SELECT * FROM unnest(@deliveries, @measures, @views, @amounts, @ats, @devices, @clients, @links)
        AS c (delivery_id, measure, view, amount, at, device, client, link_index)
),
departed AS (
    SELECT DISTINCT delivery_id, measure, view, at FROM hit_changes WHERE amount < 0
),
-- A mark stays unless its own hit has left the view, or an earlier one is in it now.
marks AS MATERIALIZED (
    SELECT s.delivery_id IS NOT NULL AS stood, coalesce(s.delivery_id, n.delivery_id) AS delivery_id, coalesce(s.measure, n.measure) AS measure,
           coalesce(s.view, n.view) AS view, s.first_at AS old_at, s.device AS old_device, s.client AS old_client,
           n.at AS new_at, coalesce(n.device, '') AS device, coalesce(n.client, '') AS client
    FROM (SELECT * FROM first_hits
          WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND delivery_id = ANY (@deliveries)) AS s
    FULL JOIN unnest(@firstDeliveries, @firstMeasures, @firstViews, @firstAts, @firstDevices, @firstClients)
        AS n (delivery_id, measure, view, at, device, client)
        ON (n.delivery_id, n.measure, n.view) = (s.delivery_id, s.measure, s.view)
    LEFT JOIN departed g ON (g.delivery_id, g.measure, g.view, g.at) = (s.delivery_id, s.measure, s.view, s.first_at)
    WHERE s.delivery_id IS NULL OR n.at < s.first_at
       OR n.at = s.first_at AND n.device IS NOT NULL AND (n.device, n.client) <> (s.device, s.client)
       OR g.delivery_id IS NOT NULL
),
unmarked AS (
    DELETE FROM first_hits f USING marks m
    WHERE m.new_at IS NULL AND f.tenant_id = @TenantId AND f.campaign_id = @campaignId AND f.delivery_id = ANY (@deliveries)
      AND (f.delivery_id, f.measure, f.view) = (m.delivery_id, m.measure, m.view)
),
marked AS (
    INSERT INTO first_hits (tenant_id, campaign_id, delivery_id, measure, view, first_at, device, client)
    SELECT @TenantId, @campaignId, delivery_id, measure, view, new_at, device, client FROM marks WHERE new_at IS NOT NULL
    ON CONFLICT (tenant_id, campaign_id, delivery_id, measure, view)
        DO UPDATE SET first_at = excluded.first_at, device = excluded.device, client = excluded.client
),
-- Links of deliveries that no hit of the view is left of. Found before marks are looked at: else it was asked anew for each pair of both.
link_gone AS MATERIALIZED (
    SELECT c.delivery_id, c.link_index, c.view
    FROM (SELECT DISTINCT delivery_id, link_index, view FROM hit_changes WHERE amount < 0 AND link_index IS NOT NULL) AS c
    WHERE NOT EXISTS (
        SELECT FROM events e JOIN unnest(@viewsOfClasses, @classes) AS v (view, class) ON v.class = e.class
        WHERE e.tenant_id = @TenantId AND e.delivery_id = c.delivery_id AND e.link_index = c.link_index AND v.view = c.view
          AND e.type = @clicked AND e.sequence <= @through
        OFFSET 0)
),
link_unmarked AS (
    DELETE FROM first_link_hits f USING link_gone g
    WHERE f.tenant_id = @TenantId AND f.campaign_id = @campaignId AND f.delivery_id = ANY (@deliveries)
      AND (f.delivery_id, f.link_index, f.view) = (g.delivery_id, g.link_index, g.view)
    RETURNING f.link_index, f.view
),
link_marked AS (
    INSERT INTO first_link_hits (tenant_id, campaign_id, delivery_id, link_index, view)
    SELECT DISTINCT @TenantId::uuid, @campaignId::uuid, delivery_id, link_index, view FROM hit_changes WHERE amount > 0 AND link_index IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING link_index, view
),
changes AS (
    SELECT @campaignId::uuid AS campaign_id, delivery_id, measure || '_' || view || '_hits' AS counter, amount, at, false AS is_unique,
           device, client, link_index
    FROM hit_changes
    UNION ALL
    SELECT @campaignId, delivery_id, measure || '_' || view || '_unique', -1, old_at, true, old_device, old_client, NULL FROM marks WHERE stood
    UNION ALL
    SELECT @campaignId, delivery_id, measure || '_' || view || '_unique', 1, new_at, true, device, client, NULL FROM marks WHERE new_at IS NOT NULL
),
link_changes AS (
    SELECT @campaignId::uuid AS campaign_id, link_index, view, 1 AS amount FROM link_marked
    UNION ALL
    SELECT @campaignId, link_index, view, -1 FROM link_unmarked
)
