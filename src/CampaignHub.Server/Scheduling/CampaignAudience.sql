-- Who a campaign would reach at this moment, each person once, with the verdict on each: a temporary table for the rest
-- of the planning transaction, with their place in the plan. AudienceMembers has the condition. Suppressed domains are few: they are judged once each and not once a person.
CREATE TEMPORARY TABLE campaign_audience ON COMMIT DROP AS
WITH members AS (
    SELECT r.recipient_id, r.email_key, r.address_hash, r.email, r.mail_domain, r.country,
           coalesce(r.time_zone, @fallback) AS time_zone,
           CASE WHEN r.time_zone IS NULL THEN 'fallback' ELSE r.time_zone_source END AS time_zone_source,
           r.consent_status, r.max_frequency
    FROM recipients r
    WHERE r.tenant_id = @TenantId
      AND {members}
), suppressed_domains AS MATERIALIZED (
    SELECT d.mail_domain
    FROM (SELECT DISTINCT mail_domain FROM members) d
    WHERE EXISTS (
        SELECT 1 FROM suppressions s
        WHERE s.tenant_id = @TenantId AND s.pattern = ANY (suppression_candidates('', d.mail_domain)))
)
SELECT m.recipient_id, m.address_hash, m.email, m.mail_domain, m.country, m.time_zone, m.time_zone_source,
       CASE WHEN m.country = ANY (@HolidayCountries) THEN m.country END AS holiday_country,
       CASE WHEN m.time_zone_source = 'country_guess' AND @UnsureZone = 'safe' THEN m.country END AS unsure_country,
       window_slot(m.address_hash, @WindowSlots) AS slot, m.max_frequency,
       CASE
           WHEN s.pattern IS NOT NULL OR d.mail_domain IS NOT NULL THEN 'suppressed'
           WHEN m.consent_status <> 'granted' THEN 'no_consent'
           WHEN m.time_zone_source = 'country_guess' AND @UnsureZone = 'skip' THEN 'unsure_zone'
           ELSE 'included'
       END AS verdict
FROM members m
LEFT JOIN suppressions s ON s.tenant_id = @TenantId AND s.pattern = m.email_key
LEFT JOIN suppressed_domains d USING (mail_domain)
