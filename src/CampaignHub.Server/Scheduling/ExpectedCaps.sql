-- How many people of a plan would be at their cap, or at what they want themselves, at their own instant, as things stand: the
-- count of MarkSending.sql, with what other launched campaigns have yet to send by then taken for sent. Only campaigns that may have sent since
-- the earliest moment that counts are read, however long the ledger is. Who is at both is at the cap, as when it is marked.
-- People are joined to their places as in PlannedDeliveries.sql: of the plan's own rows, made by this very transaction, PostgreSQL knows nothing yet.
WITH zones AS (
    SELECT * FROM unnest(@zones, @countries, @slots, @unsureCountries, @hours, @arms, @dues, @capsSince, @days, @weeks)
        AS z (time_zone, country, slot, unsure_country, hour, arm, due_at, cap_since, day, week)
), mails AS MATERIALIZED (
    SELECT o.recipient_id, CASE WHEN o.state IN ('scheduled', 'deferred') THEN greatest(o.not_before, z.due_at, @now) ELSE o.sent_at END AS at
    FROM deliveries o
    JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = o.campaign_id AND z.zone_number = o.zone_number
    WHERE o.tenant_id = @TenantId
      AND o.campaign_id = ANY (ARRAY(
          SELECT campaign_id FROM campaigns
          WHERE tenant_id = @TenantId AND campaign_id <> @campaignId AND launched_at IS NOT NULL AND (finished_at IS NULL OR finished_at > @earliest)))
      AND (o.state IN ('scheduled', 'deferred') OR o.state IN ('sending', 'accepted', 'uncertain', 'held') AND o.sent_at >= @earliest)
), people AS MATERIALIZED (
    SELECT a.*, m.at, coalesce(h.hour, -1) AS hour, coalesce(h.arm, '') AS arm
    FROM campaign_audience a JOIN mails m USING (recipient_id) LEFT JOIN campaign_hours h USING (recipient_id)
    WHERE a.verdict = 'included' AND (@messages::int IS NOT NULL OR a.max_frequency IS NOT NULL)
), counted AS (
    SELECT count(*) FILTER (WHERE p.at > z.cap_since) AS lately,
           count(*) FILTER (WHERE p.at >= CASE p.max_frequency WHEN 'daily' THEN z.day WHEN 'weekly' THEN z.week END) AS unwanted
    FROM people p
    JOIN zones z
        ON z.time_zone = p.time_zone
        AND z.country = coalesce(p.holiday_country, '')
        AND z.slot = p.slot
        AND z.unsure_country = coalesce(p.unsure_country, '')
        AND z.hour = p.hour
        AND z.arm = p.arm
    WHERE p.at <= z.due_at
    GROUP BY p.recipient_id
)
SELECT count(*) FILTER (WHERE lately >= @messages::int) AS by_cap,
       count(*) FILTER (WHERE unwanted > 0 AND lately >= @messages::int IS NOT TRUE) AS by_wish
FROM counted
