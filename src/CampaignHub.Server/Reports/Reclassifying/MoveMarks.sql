-- What hits of one campaign that have got another class change of its counters, and the marks of their deliveries as they are now,
-- which MarkFirstHits.sql and CountChanges.sql go on with. @first… name the first hit of each class now, once for each link that
-- hits of it have followed; a device that is null is not known.
WITH stood AS MATERIALIZED (
    SELECT campaign_id, delivery_id, measure, class, first_at, device, client, links
    FROM first_hits WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND delivery_id = ANY (@deliveries)
),
-- What the device was is known by the mark where that is of the same hit. Looked up by its key: joined to what stood, each might be
-- asked for each of the others.
now AS MATERIALIZED (
    SELECT @campaignId::uuid AS campaign_id, n.delivery_id, n.measure, n.class, n.at AS first_at,
           coalesce(n.device, k.device, '') AS device, coalesce(n.client, k.client, '') AS client, n.links
    FROM (
        SELECT delivery_id, measure, class, at, device, client,
               array_agg(link_index ORDER BY link_index) FILTER (WHERE link_index IS NOT NULL) AS links
        FROM unnest(@firstDeliveries, @firstMeasures, @firstClasses, @firstAts, @firstDevices, @firstClients, @firstLinks)
            AS f (delivery_id, measure, class, at, device, client, link_index)
        GROUP BY delivery_id, measure, class, at, device, client) AS n
    LEFT JOIN LATERAL (
        SELECT device, client FROM first_hits
        WHERE n.device IS NULL AND tenant_id = @TenantId AND campaign_id = @campaignId AND delivery_id = n.delivery_id
          AND measure = n.measure AND class = n.class AND first_at = n.at OFFSET 0) AS k ON true
),
unmarked AS (
    DELETE FROM first_hits f
    USING (SELECT delivery_id, measure, class FROM stood EXCEPT SELECT delivery_id, measure, class FROM now) AS g
    WHERE f.tenant_id = @TenantId AND f.campaign_id = @campaignId AND f.delivery_id = ANY (@deliveries)
      AND (f.delivery_id, f.measure, f.class) = (g.delivery_id, g.measure, g.class)
),
plain_changes AS (
    SELECT @campaignId::uuid AS campaign_id, delivery_id, ARRAY[measure || '_' || view || '_hits'] AS counters, amount, at, false AS is_unique,
           device, client, link_index
    FROM unnest(@hitDeliveries, @measures, @views, @amounts, @ats, @devices, @clients, @links)
        AS c (delivery_id, measure, view, amount, at, device, client, link_index)
)
