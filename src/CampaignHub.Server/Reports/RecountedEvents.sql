-- Every event of a delivery that has been folded, by campaign and delivery, each delivery's in order of time; those of one
-- instant as the marks of first hits have them. Read through a cursor.
DECLARE recounted NO SCROLL CURSOR FOR
SELECT e.campaign_id, e.delivery_id, e.type, e.class, e.at, e.link_index,
       h.user_agent, h.found IS NOT NULL AS has_hit,
       d.country, d.mail_domain, d.sent_at, z.time_zone, z.arm, z.local_time
FROM events e
LEFT JOIN deliveries d ON d.tenant_id = @TenantId AND d.delivery_id = e.delivery_id
LEFT JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
LEFT JOIN LATERAL (
    SELECT user_agent, true AS found FROM hits
    WHERE tenant_id = @TenantId AND delivery_id = e.delivery_id AND received_at = e.received_at
      AND link_index IS NOT DISTINCT FROM e.link_index
    ORDER BY hit_id LIMIT 1) AS h ON e.type = ANY (@hitTypes)
WHERE e.tenant_id = @TenantId AND e.sequence <= @through AND e.campaign_id IS NOT NULL AND e.type LIKE 'delivery.%'
ORDER BY e.campaign_id, e.delivery_id, e.at, e.class, e.sequence
