-- The hours asked for of each relay and mail domain that have messages enough to judge, beside what the 28 days before
-- each of them held. The days are read of those pairs alone: most domains never have an hour of a hundred messages.
WITH pairs AS (
    SELECT DISTINCT relay_id, mail_domain
    FROM (
        SELECT relay_id, mail_domain FROM delivery_hours
        WHERE tenant_id = @TenantId AND hour >= @from AND hour < @to AND outcome <> 'latency'
        GROUP BY relay_id, mail_domain, hour HAVING sum(messages) >= @least) AS busy
), hours AS (
    SELECT relay_id, mail_domain, hour,
           coalesce(sum(messages) FILTER (WHERE outcome = 'accepted'), 0)::bigint AS accepted,
           coalesce(sum(messages) FILTER (WHERE outcome = 'rejected'), 0)::bigint AS rejected,
           coalesce(sum(messages) FILTER (WHERE outcome = 'deferred'), 0)::bigint AS deferred,
           coalesce(sum(messages) FILTER (WHERE outcome = 'latency'), 0)::bigint AS late
    FROM delivery_hours JOIN pairs USING (relay_id, mail_domain)
    WHERE tenant_id = @TenantId AND hour >= @from - make_interval(hours => @usualHours) AND hour < @to
    GROUP BY relay_id, mail_domain, hour
), beside AS (
    SELECT *,
           coalesce(sum(accepted) OVER usual, 0)::bigint AS usual_accepted,
           coalesce(sum(rejected) OVER usual, 0)::bigint AS usual_rejected,
           coalesce(sum(deferred) OVER usual, 0)::bigint AS usual_deferred,
           coalesce(sum(late) OVER usual, 0)::bigint AS usual_late
    FROM hours
    WINDOW usual AS (PARTITION BY relay_id, mail_domain ORDER BY hour
        RANGE BETWEEN make_interval(hours => @usualHours) PRECEDING AND make_interval(hours => 1) PRECEDING)
)
SELECT * FROM beside
WHERE hour >= @from AND accepted + rejected + deferred >= @least
ORDER BY hour DESC, relay_id, mail_domain
