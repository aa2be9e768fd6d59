-- Makes the ledger's rows of a plan from its audience and its hours (the temporary tables that AudienceSnapshot and ChosenHours
-- made) in one statement.
-- A delivery's id is a UUIDv7 of the moment of planning, ascending within its zone: in that order the rows lie and are
-- claimed. Its local time and wave stand with its zone.
WITH zones AS (
    SELECT * FROM unnest(@zones, @countries, @slots, @unsureCountries, @hours, @arms, @zoneNumbers)
        AS z (time_zone, country, slot, unsure_country, hour, arm, zone_number)
), positions AS (
    INSERT INTO claim_positions (tenant_id, campaign_id, zone_number)
    SELECT @TenantId, @campaignId, zone_number FROM zones ON CONFLICT DO NOTHING
)
INSERT INTO deliveries (
    tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain, country,
    time_zone_source, zone_number, hour_grounds, state, updated_at)
SELECT @TenantId, uuid_of_run((SELECT uuid_v7(@now)::text), row_number() OVER (ORDER BY z.zone_number)), @campaignId, a.recipient_id, a.address_hash, a.email, a.mail_domain, a.country,
       a.time_zone_source, z.zone_number, h.grounds, 'scheduled', @now
FROM campaign_audience a
LEFT JOIN campaign_hours h USING (recipient_id)
JOIN zones z
    ON z.time_zone = a.time_zone
    AND z.country = coalesce(a.holiday_country, '')
    AND z.slot = a.slot
    AND z.unsure_country = coalesce(a.unsure_country, '')
    AND z.hour = coalesce(h.hour, -1)
    AND z.arm = coalesce(h.arm, '')
WHERE a.verdict = 'included'
ORDER BY z.zone_number
