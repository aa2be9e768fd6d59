-- A campaign's deliveries by state, without looking at each: the plan knows how many there are, an index those that went
-- otherwise than well, and the leases those that are on their way. What is accepted the roll-ups know, and scheduled is the rest.
WITH leased AS (
    SELECT d.state, count(*) AS deliveries
    FROM leases l
    CROSS JOIN unnest(l.delivery_ids) AS claimed (delivery_id)
    CROSS JOIN LATERAL (
        SELECT state, not_before FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = claimed.delivery_id LIMIT 1) AS d
    WHERE l.tenant_id = @TenantId AND l.campaign_id = @campaignId
      AND (d.state = 'sending' OR (d.state IN ('scheduled', 'deferred') AND d.not_before IS NULL))
    GROUP BY d.state
)
SELECT 'total' AS state, coalesce(sum(recipients), 0)::bigint AS deliveries
FROM plan_zones WHERE tenant_id = @TenantId AND campaign_id = @campaignId
UNION ALL
SELECT notable_state, count(*) - CASE notable_state WHEN 'deferred' THEN coalesce((SELECT deliveries FROM leased WHERE state = 'deferred'), 0) ELSE 0 END
FROM deliveries
WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND notable_state IS NOT NULL
GROUP BY notable_state
UNION ALL
SELECT CASE state WHEN 'sending' THEN 'sending' ELSE 'leased' END, sum(deliveries)::bigint FROM leased GROUP BY 1
