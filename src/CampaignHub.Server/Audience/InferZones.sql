-- Infers every zone of the tenant again that wasn't given, and says where all of them come from now. The order of the
-- sources is Core's (ZoneInference); what C# had to read, phones and habits, stands in two tables of this transaction,
-- each beside the fields it was read from: it counts only while they are the person's still.
WITH judged AS MATERIALIZED (
    SELECT r.ctid AS version, r.recipient_id, r.time_zone, r.time_zone_source, r.time_zone_confidence,
        CASE WHEN r.time_zone_source = 'given' THEN jsonb_build_array(r.time_zone, 'given')
             ELSE coalesce(@Zones::jsonb -> (r.country || '/' || r.region),
                 CASE WHEN p.zone IS NOT NULL THEN jsonb_build_array(p.zone, 'phone') END,
                 CASE WHEN @Zones::jsonb -> r.country ->> 1 = 'country' THEN @Zones::jsonb -> r.country END,
                 CASE WHEN l.zone IS NOT NULL THEN jsonb_build_array(l.zone, 'activity', l.confidence) END,
                 -- Learned before and not again, for want of newer hits: still the best that is known.
                 CASE WHEN r.time_zone_source = 'activity' THEN jsonb_build_array(r.time_zone, 'activity', r.time_zone_confidence) END,
                 CASE WHEN r.shop_time_zone IS NOT NULL AND (r.country IS NULL OR jsonb_exists(@CountryZones::jsonb -> r.country, r.shop_time_zone)) THEN jsonb_build_array(r.shop_time_zone, 'storefront') END,
                 @Zones::jsonb -> r.country, '[null, "fallback"]')
        END AS zone
    FROM recipients AS r
    LEFT JOIN zone_phones AS p ON p.recipient_id = r.recipient_id AND p.phone = r.phone AND p.country IS NOT DISTINCT FROM r.country
    LEFT JOIN zone_habits AS l ON l.recipient_id = r.recipient_id AND l.country IS NOT DISTINCT FROM r.country
    WHERE r.tenant_id = @TenantId
), changed AS (
    -- By version: whoever was changed at this moment had their zone inferred with that.
    UPDATE recipients AS r
    SET time_zone = j.zone ->> 0, time_zone_source = j.zone ->> 1, time_zone_confidence = (j.zone ->> 2)::real, updated_at = @Now
    FROM judged AS j
    WHERE r.tenant_id = @TenantId AND r.recipient_id = j.recipient_id AND r.ctid = j.version AND j.time_zone_source <> 'given'
      AND (j.time_zone, j.time_zone_source, j.time_zone_confidence) IS DISTINCT FROM (j.zone ->> 0, j.zone ->> 1, (j.zone ->> 2)::real)
    RETURNING r.recipient_id
)
SELECT zone ->> 1 AS source, count(*) AS people, (SELECT count(*) FROM changed) AS changed FROM judged GROUP BY 1
