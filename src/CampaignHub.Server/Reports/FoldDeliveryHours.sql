-- Folds what became of attempts in a stretch of the tenant's log into hourly counters of relay and mail domain, in the
-- transaction that moves the cursor past it. The relay is that of the delivery's last attempt, which a retry can have
-- changed where the fold is a quarter of an hour behind.
WITH ended AS (
    SELECT d.relay_id, d.mail_domain, date_trunc('hour', e.at, 'UTC') AS hour, o.outcome, d.delivery_id, d.smtp_reply,
           o.outcome = 'accepted' AND e.at - d.first_attempt_at > make_interval(secs => @slowSeconds) AS late
    FROM events e
    JOIN unnest(@types, @outcomes) AS o (type, outcome) ON o.type = e.type
    CROSS JOIN LATERAL (
        SELECT * FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = e.delivery_id LIMIT 1) AS d
    WHERE e.tenant_id = @TenantId AND e.sequence > @after AND e.sequence <= @through
      AND e.reason IS DISTINCT FROM @withdrawn AND d.relay_id IS NOT NULL
), counted AS (
    SELECT relay_id, mail_domain, hour, outcome, delivery_id, smtp_reply FROM ended
    UNION ALL
    SELECT relay_id, mail_domain, hour, 'latency', delivery_id, smtp_reply FROM ended WHERE late
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY relay_id, mail_domain, hour, outcome, smtp_reply) AS nth_of_its_reply FROM counted
)
INSERT INTO delivery_hours AS h (tenant_id, relay_id, mail_domain, hour, outcome, messages, samples)
SELECT @TenantId, relay_id, mail_domain, hour, outcome, count(*),
       coalesce((array_agg(delivery_id) FILTER (WHERE nth_of_its_reply = 1 AND outcome <> 'accepted'))[1:@mostSamples], '{}')
FROM numbered
GROUP BY relay_id, mail_domain, hour, outcome
ON CONFLICT (tenant_id, hour, relay_id, mail_domain, outcome)
    DO UPDATE SET messages = h.messages + excluded.messages, samples = (h.samples || excluded.samples)[1:@mostSamples]
