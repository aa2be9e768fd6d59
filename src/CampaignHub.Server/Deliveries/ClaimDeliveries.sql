-- Claims up to @batch deliveries of one campaign: first those that have come back and whose time has come, then those that
-- nobody has claimed yet, the earliest instant first. For the latter no delivery is written: the position of their zone
-- moves past them, and the lease bears their ids. What another worker claims from just now is passed over, and so are, among
-- those that came back, mail domains of which enough is claimed already.
WITH returned AS (
    SELECT delivery_id FROM deliveries
    WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND not_before <= @now AND state = ANY (@claimable)
      AND mail_domain <> ALL (@crowdedDomains)
    ORDER BY not_before
    LIMIT @batch FOR UPDATE SKIP LOCKED
), taken_again AS (
    UPDATE deliveries d SET not_before = NULL, lease_token = @Token
    FROM returned WHERE d.tenant_id = @TenantId AND d.delivery_id = returned.delivery_id
    RETURNING d.zone_number, d.delivery_id, d.recipient_id, d.email, d.mail_domain, d.attempts, d.resends, d.relay_id, d.first_attempt_at, d.sent_at,
              d.message_hash
), wanted AS (
    SELECT @batch - count(*) AS most FROM returned
), open_zones AS (
    SELECT p.zone_number, p.claimed_to, w.due_at
    FROM waves w
    JOIN plan_zones z ON z.tenant_id = w.tenant_id AND z.wave_id = w.wave_id
    JOIN claim_positions p ON p.tenant_id = z.tenant_id AND p.campaign_id = z.campaign_id AND p.zone_number = z.zone_number
    WHERE w.tenant_id = @TenantId AND w.campaign_id = @campaignId AND w.status <> 'waiting'
      AND NOT p.exhausted AND p.not_before <= @now
    ORDER BY w.due_at, p.zone_number
    LIMIT 16 FOR UPDATE OF p SKIP LOCKED
), fresh AS (
    SELECT z.zone_number, d.*
    FROM (SELECT zone_number, claimed_to FROM open_zones ORDER BY due_at, zone_number) z
    CROSS JOIN LATERAL (
        SELECT delivery_id, recipient_id, email, mail_domain, attempts, resends, relay_id, first_attempt_at, sent_at, message_hash
        FROM deliveries
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND zone_number = z.zone_number AND delivery_id > z.claimed_to
          AND state = 'scheduled' AND not_before IS NULL AND lease_token IS NULL
        ORDER BY delivery_id LIMIT @batch) d
    LIMIT (SELECT most FROM wanted)
), reached AS (
    SELECT DISTINCT ON (zone_number) zone_number, delivery_id FROM fresh ORDER BY zone_number, delivery_id DESC
), advanced AS (
    -- Fewer than wanted: nothing is left in any of these zones.
    UPDATE claim_positions p
    SET claimed_to = coalesce(reached.delivery_id, p.claimed_to),
        exhausted = (SELECT count(*) FROM fresh) < (SELECT most FROM wanted)
    FROM open_zones z LEFT JOIN reached USING (zone_number)
    WHERE p.tenant_id = @TenantId AND p.campaign_id = @campaignId AND p.zone_number = z.zone_number
), claimed AS (
    SELECT * FROM taken_again
    UNION ALL
    SELECT * FROM fresh
), leased AS (
    INSERT INTO leases (tenant_id, token, campaign_id, node_id, until, delivery_ids)
    SELECT @TenantId, @Token, @campaignId, @NodeId, clock_timestamp() + make_interval(secs => @leaseSeconds), array_agg(delivery_id)
    FROM claimed HAVING count(*) > 0
)
SELECT c.delivery_id, @campaignId AS campaign_id, c.zone_number, z.time_zone AS planned_zone, z.holiday_country, z.unsure_country, c.recipient_id, c.email, c.mail_domain, c.attempts, c.resends, c.relay_id, c.first_attempt_at,
       c.sent_at, c.message_hash, r.first_name, r.last_name, r.locale, r.country, r.region, r.phone, r.time_zone, r.attributes, coalesce(r.tracking, true) AS tracking, r.max_frequency
FROM claimed c
JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.zone_number = c.zone_number
LEFT JOIN recipients r ON r.tenant_id = @TenantId AND r.recipient_id = c.recipient_id
