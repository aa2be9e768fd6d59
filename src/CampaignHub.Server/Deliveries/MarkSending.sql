-- Marks deliveries of one tenant `sending` where everything still allows it, and answers what was found of each. Campaign,
-- consent and suppression are read by the statement that marks: promise 2. Ids stand beside the joins, so that the rows
-- are found by their keys whatever the planner knows of the ledger. The update looks at the fence once more, since somebody
-- may have written the row meanwhile.
WITH wanted AS (
    SELECT * FROM unnest(@deliveryIds, @tokens, @relayIds, @sentAts, @messageIds, @messageHashes, @capMessages, @capsSince, @days, @weeks)
        AS w (delivery_id, token, relay_id, sent_at, message_id, message_hash, cap_messages, cap_since, day, week)
), found AS (
    SELECT w.*,
           CASE
               WHEN NOT d.state = ANY (@from) OR NOT is_held(d.state, d.not_before, d.lease_token, w.token) THEN 'lease_lost'
               WHEN t.status <> 'active' OR c.status <> 'sending' THEN 'campaign_not_sending'
               WHEN r.recipient_id IS NULL THEN 'recipient_deleted'
               WHEN r.address_hash <> d.address_hash THEN 'address_changed'
               WHEN r.consent_status <> 'granted' THEN 'no_consent'
               WHEN EXISTS (
                   SELECT 1 FROM suppressions s
                   WHERE s.tenant_id = @TenantId AND s.pattern = ANY (suppression_candidates(r.email_key, r.mail_domain))) THEN 'suppressed'
               -- One that may have been accepted counts. Others who mark for this person wait for this transaction, or it has for theirs.
               WHEN w.cap_messages <= (
                   SELECT count(*) FROM deliveries o
                   WHERE o.tenant_id = @TenantId AND o.recipient_id = d.recipient_id AND o.delivery_id <> d.delivery_id
                     AND o.sent_at > w.cap_since AND o.state IN ('sending', 'accepted', 'uncertain', 'held')) THEN 'frequency_cap'
               -- The same, as the person themselves wants it: beginnings of days of their own calendar.
               WHEN r.max_frequency IS NOT NULL AND EXISTS (
                   SELECT FROM deliveries o
                   WHERE o.tenant_id = @TenantId AND o.recipient_id = d.recipient_id AND o.delivery_id <> d.delivery_id
                     AND o.sent_at >= CASE r.max_frequency WHEN 'daily' THEN w.day ELSE w.week END
                     AND o.state IN ('sending', 'accepted', 'uncertain', 'held')) THEN 'frequency_wish'
               ELSE 'clear'
           END AS verdict
    FROM wanted w
    JOIN deliveries d ON d.tenant_id = @TenantId AND d.delivery_id = w.delivery_id AND d.delivery_id = ANY (@deliveryIds)
    JOIN tenants t ON t.tenant_id = d.tenant_id
    JOIN campaigns c ON c.tenant_id = d.tenant_id AND c.campaign_id = d.campaign_id
    LEFT JOIN LATERAL (
        SELECT recipient_id, address_hash, consent_status, email_key, mail_domain, max_frequency
        FROM recipients WHERE tenant_id = @TenantId AND recipient_id = d.recipient_id LIMIT 1) r ON true
), marked AS (
    UPDATE deliveries d
    SET state = @to, lease_token = found.token, relay_id = found.relay_id, sent_at = found.sent_at, message_id = found.message_id, message_hash = found.message_hash,
        first_attempt_at = coalesce(d.first_attempt_at, @now), updated_at = @now
    FROM found
    WHERE d.tenant_id = @TenantId AND d.delivery_id = ANY (@deliveryIds) AND d.delivery_id = found.delivery_id AND found.verdict = 'clear'
      AND d.state = ANY (@from) AND is_held(d.state, d.not_before, d.lease_token, found.token)
    RETURNING d.delivery_id
)
SELECT delivery_id, CASE WHEN verdict = 'clear' AND marked.delivery_id IS NULL THEN 'lease_lost' ELSE verdict END
FROM found LEFT JOIN marked USING (delivery_id)
