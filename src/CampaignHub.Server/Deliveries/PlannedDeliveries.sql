-- Makes the ledger's rows of a plan from its audience (the temporary table that AudienceSnapshot made) in one statement.
-- A delivery's id is a UUIDv7 of the moment of planning, ascending within its zone: in that order the rows lie and are
-- claimed. Its local time and wave stand with its zone.
WITH zones AS (
    SELECT * FROM unnest(@zones, @countries, @slots, @zoneNumbers) AS z (time_zone, country, slot, zone_number)
), positions AS (
    INSERT INTO claim_positions (tenant_id, campaign_id, zone_number)
    SELECT @TenantId, @campaignId, zone_number FROM zones
)
INSERT INTO deliveries (
    tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain, country,
    time_zone_source, zone_number, state, updated_at)
SELECT @TenantId, uuid_v7(@now, row_number() OVER (ORDER BY z.zone_number)), @campaignId, a.recipient_id, a.address_hash, a.email, a.mail_domain, a.country,
       a.time_zone_source, z.zone_number, 'scheduled', @now
FROM campaign_audience a
JOIN zones z
    ON z.time_zone = a.time_zone
    AND z.country = CASE WHEN a.country = ANY (@holidayCountries) THEN a.country ELSE '' END
    AND z.slot = window_slot(a.address_hash, @windowSlots)
WHERE a.verdict = 'included'
ORDER BY z.zone_number
