-- How many people of a plan would be at their cap, or at what they want themselves, at their own instant, as things stand: the
-- count of MarkSending.sql, with what other launched campaigns have yet to send by then taken for sent. Only campaigns that may have sent since
-- the earliest moment that counts are read, however long the ledger is. Who is at both is at the cap, as when it is marked.
WITH zones AS (
    SELECT * FROM unnest(@zoneNumbers, @dues, @capsSince, @days, @weeks) AS z (zone_number, due_at, cap_since, day, week)
), others AS (
    SELECT campaign_id FROM campaigns
    WHERE tenant_id = @TenantId AND campaign_id <> @campaignId AND launched_at IS NOT NULL AND (finished_at IS NULL OR finished_at > @earliest)
), mails AS (
    SELECT o.recipient_id, CASE WHEN o.state IN ('scheduled', 'deferred') THEN greatest(o.not_before, z.due_at, @now) ELSE o.sent_at END AS at
    FROM others JOIN deliveries o ON o.tenant_id = @TenantId AND o.campaign_id = others.campaign_id
    JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = o.campaign_id AND z.zone_number = o.zone_number
    WHERE o.state IN ('scheduled', 'deferred')
       OR o.state IN ('sending', 'accepted', 'uncertain', 'held') AND o.sent_at >= @earliest
), counted AS (
    SELECT count(*) FILTER (WHERE m.at > zones.cap_since) AS lately,
           count(*) FILTER (WHERE m.at >= CASE a.max_frequency WHEN 'daily' THEN zones.day WHEN 'weekly' THEN zones.week END) AS unwanted
    FROM campaign_audience a
    JOIN mails m USING (recipient_id)
    JOIN deliveries d ON d.tenant_id = @TenantId AND d.campaign_id = @campaignId AND d.recipient_id = a.recipient_id
    JOIN zones ON zones.zone_number = d.zone_number AND m.at <= zones.due_at
    WHERE a.verdict = 'included' AND (@messages::int IS NOT NULL OR a.max_frequency IS NOT NULL)
    GROUP BY d.delivery_id
)
SELECT count(*) FILTER (WHERE lately >= @messages::int) AS by_cap,
       count(*) FILTER (WHERE unwanted > 0 AND lately >= @messages::int IS NOT TRUE) AS by_wish
FROM counted
