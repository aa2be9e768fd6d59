-- Ends up to @batch deliveries of a cancelled campaign, and answers how many, and whether there are zones to go on with: first those that
-- have come back, then those that nobody has claimed, from where their zone has been claimed to. Its position moves past them, as a claim
-- moves it, so that no batch reads what others have ended. What a worker holds comes back, and is found the next time.
WITH returned AS (
    SELECT delivery_id FROM deliveries
    WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND not_before IS NOT NULL AND state = ANY (@from)
    ORDER BY not_before
    LIMIT @batch FOR UPDATE
), wanted AS (
    SELECT @batch - count(*) AS most FROM returned
), open_zones AS (
    SELECT zone_number, claimed_to FROM claim_positions
    WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND NOT exhausted
    ORDER BY zone_number
    LIMIT 16 FOR UPDATE
), fresh AS (
    SELECT z.zone_number, d.delivery_id
    FROM (SELECT zone_number, claimed_to FROM open_zones ORDER BY zone_number) z
    CROSS JOIN LATERAL (
        SELECT delivery_id FROM deliveries
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND zone_number = z.zone_number AND delivery_id > z.claimed_to
          AND state = 'scheduled' AND not_before IS NULL AND lease_token IS NULL
        ORDER BY delivery_id LIMIT @batch) d
    LIMIT (SELECT most FROM wanted)
), advanced AS (
    -- Fewer than wanted: nothing is left in any of these zones.
    UPDATE claim_positions p
    SET claimed_to = coalesce(reached.delivery_id, p.claimed_to), exhausted = (SELECT count(*) FROM fresh) < (SELECT most FROM wanted)
    FROM open_zones z
    LEFT JOIN (SELECT DISTINCT ON (zone_number) zone_number, delivery_id FROM fresh ORDER BY zone_number, delivery_id DESC) reached USING (zone_number)
    WHERE p.tenant_id = @TenantId AND p.campaign_id = @campaignId AND p.zone_number = z.zone_number
), ended AS (
    UPDATE deliveries SET state = CASE WHEN resends > 0 THEN @onceUncertain ELSE @to END, not_before = NULL, updated_at = @now
    WHERE tenant_id = @TenantId AND state = ANY (@from)
      AND delivery_id = ANY (ARRAY (SELECT delivery_id FROM returned UNION ALL SELECT delivery_id FROM fresh))
    RETURNING delivery_id
)
SELECT (SELECT count(*) FROM ended)::int AS ended, EXISTS (SELECT FROM open_zones) AS goes_on
