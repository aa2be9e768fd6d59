-- Claims up to @batch deliveries of one campaign: those of waves that have opened, the earliest instant first, then deferred ones
-- whose time has come. Rows that another worker holds are passed over, and mail domains of which enough is claimed
-- already; each claim has a token of its own.
WITH opened_zones AS (
    SELECT z.zone_number
    FROM waves w
    JOIN plan_zones z ON z.tenant_id = w.tenant_id AND z.wave_id = w.wave_id
    WHERE w.tenant_id = @TenantId AND w.campaign_id = @campaignId AND w.status <> 'waiting'
    ORDER BY w.due_at, z.zone_number
), scheduled AS (
    SELECT d.delivery_id
    FROM opened_zones z
    CROSS JOIN LATERAL (
        SELECT delivery_id FROM deliveries
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND zone_number = z.zone_number AND state = 'scheduled'
          AND mail_domain <> ALL (@crowdedDomains)
        LIMIT @batch FOR UPDATE SKIP LOCKED) d
    LIMIT @batch
), deferred AS (
    SELECT delivery_id FROM deliveries
    WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND state = 'deferred' AND not_before <= @now
      AND mail_domain <> ALL (@crowdedDomains)
    ORDER BY not_before
    LIMIT @batch FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE deliveries d
    SET state = 'leased', lease_token = @Token, updated_at = @now
    FROM (SELECT delivery_id FROM deferred UNION ALL SELECT delivery_id FROM scheduled LIMIT @batch) due
    WHERE d.tenant_id = @TenantId AND d.delivery_id = due.delivery_id AND d.state = ANY (@from)
    RETURNING d.*
), leased AS (
    INSERT INTO leases (tenant_id, token, campaign_id, node_id, until)
    SELECT @TenantId, @Token, @campaignId, @NodeId, clock_timestamp() + make_interval(secs => @leaseSeconds)
    WHERE EXISTS (SELECT FROM claimed)
)
SELECT c.delivery_id, c.campaign_id, c.recipient_id, c.email, c.mail_domain, c.attempts, c.resends, c.relay_id, c.first_attempt_at, c.sent_at,
       c.message_hash, r.first_name, r.last_name, r.locale, r.country, r.region, r.phone, r.time_zone, r.attributes
FROM claimed c
LEFT JOIN recipients r ON r.tenant_id = @TenantId AND r.recipient_id = c.recipient_id
