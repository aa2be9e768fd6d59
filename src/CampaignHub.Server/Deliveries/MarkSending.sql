-- Marks one delivery `sending` if everything still allows it, and answers what was found. Campaign, consent and
-- suppression are read by the statement that marks: promise 2.
WITH found AS (
    SELECT d.delivery_id,
           CASE
               WHEN d.lease_token IS DISTINCT FROM @Token OR NOT d.state = ANY (@from) THEN 'lease_lost'
               WHEN t.status <> 'active' OR c.status <> 'sending' THEN 'campaign_not_sending'
               WHEN r.recipient_id IS NULL THEN 'recipient_deleted'
               WHEN r.address_hash <> d.address_hash THEN 'address_changed'
               WHEN r.consent_status <> 'granted' THEN 'no_consent'
               WHEN EXISTS (
                   SELECT 1 FROM suppressions s
                   WHERE s.tenant_id = @TenantId AND s.pattern = ANY (suppression_candidates(r.email_key, r.mail_domain))) THEN 'suppressed'
               ELSE 'clear'
           END AS verdict
    FROM deliveries d
    JOIN tenants t ON t.tenant_id = d.tenant_id
    JOIN campaigns c ON c.tenant_id = d.tenant_id AND c.campaign_id = d.campaign_id
    LEFT JOIN recipients r ON r.tenant_id = d.tenant_id AND r.recipient_id = d.recipient_id
    WHERE d.tenant_id = @TenantId AND d.delivery_id = @DeliveryId
    FOR UPDATE OF d
), marked AS (
    UPDATE deliveries d
    SET state = @to, relay_id = @RelayId, sent_at = @SentAt, message_id = @MessageId, message_hash = @MessageHash,
        first_attempt_at = coalesce(d.first_attempt_at, @Now), updated_at = @Now,
        lease_until = clock_timestamp() + make_interval(secs => @leaseSeconds)
    FROM found
    WHERE d.tenant_id = @TenantId AND d.delivery_id = found.delivery_id AND found.verdict = 'clear'
)
SELECT verdict FROM found
