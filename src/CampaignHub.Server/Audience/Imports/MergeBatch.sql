-- Merges the staged rows (@After, @Through] of one import, set-based, and says what came of them.
-- Absent leaves: what a row says nothing of stays as the recipient has it. The consent's rules and the zones' facts
-- are Core's own tables, given as one JSON object each: looked up by key, they can't mislead the planner as joins do.
WITH met AS (
    -- Each staged row beside the recipient whom it meets; `known` is that recipient's version, null for a new one.
    -- One look into the index for each row (LATERAL … LIMIT): a join by choice would read all of a large tenant's
    -- recipients for every batch while the table's statistics are still those of an empty one.
    SELECT s.*, r.*,
        -- What they have chosen themselves stays.
        CASE WHEN 'locale' = ANY (known_chosen) THEN known_locale WHEN 'locale' = ANY (s.cleared) THEN NULL ELSE coalesce(s.locale, known_locale) END AS new_locale,
        CASE WHEN 'country' = ANY (s.cleared) THEN NULL ELSE coalesce(s.country, known_country) END AS new_country,
        -- A region of the country before means nothing in another.
        CASE WHEN 'region' = ANY (s.cleared) OR 'country' = ANY (s.cleared) OR s.country <> known_country THEN s.region
             ELSE coalesce(s.region, known_region) END AS new_region
    FROM {staging} AS s
    LEFT JOIN LATERAL (
        SELECT r.ctid, r.recipient_id, r.email, r.first_name, r.last_name, r.locale, r.country, r.region, r.phone,
            r.time_zone, r.time_zone_source, r.shop_time_zone, r.chosen, r.attributes, r.consent_status, r.consent_source, r.consent_at
        FROM recipients AS r WHERE r.tenant_id = @TenantId AND r.email_key = s.email_key LIMIT 1
    ) AS r (known, known_id, known_email, known_first_name, known_last_name, known_locale, known_country, known_region, known_phone,
        known_zone, known_zone_source, known_shop_zone, known_chosen, known_attributes, known_status, known_source, known_at) ON true
    WHERE s.row_no > @After AND s.row_no <= @Through AND NOT s.superseded
), judged AS (
    SELECT met.*,
        @Consent::jsonb -> concat_ws('/', coalesce(known_status, 'none'), consent_statement,
            CASE WHEN known_source = consent_source THEN 'same' ELSE 'other' END,
            CASE WHEN consent_at > known_at THEN 'newer' WHEN consent_at < known_at THEN 'older' ELSE 'unordered' END) AS rule,
        -- A zone that they chose stays, one that was given but for another, and one whose evidence, place and phone, hasn't changed.
        CASE WHEN 'time_zone' = ANY (known_chosen) THEN jsonb_build_array(known_zone, known_zone_source)
             WHEN time_zone IS NOT NULL THEN jsonb_build_array(time_zone, 'given')
             WHEN known IS NOT NULL AND ('time_zone' = ANY (cleared)) IS NOT TRUE AND (known_zone_source = 'given'
                 OR new_country IS NOT DISTINCT FROM known_country AND new_region IS NOT DISTINCT FROM known_region
                    AND coalesce(phone, known_phone) IS NOT DISTINCT FROM known_phone AND ('phone' = ANY (cleared)) IS NOT TRUE)
             THEN jsonb_build_array(known_zone, known_zone_source)
             ELSE coalesce(@Zones::jsonb -> (new_country || '/' || new_region),
                 -- The phone was read under the row's own country: it counts where that turns out to be the person's.
                 CASE WHEN coalesce(new_country, phone_country) = phone_country AND (@Zones::jsonb -> new_country ->> 1) IS DISTINCT FROM 'country'
                      THEN jsonb_build_array(phone_zone, 'phone') END,
                 CASE WHEN @Zones::jsonb -> new_country ->> 1 = 'country' THEN @Zones::jsonb -> new_country END,
                 CASE WHEN known_shop_zone IS NOT NULL AND (new_country IS NULL OR jsonb_exists(@CountryZones::jsonb -> new_country, known_shop_zone))
                      THEN jsonb_build_array(known_shop_zone, 'storefront') END,
                 @Zones::jsonb -> new_country, '[null, "fallback"]')
        END AS zone,
        -- Asked for each, as below. Who leaves just now is written by it, and makes this batch come up short.
        (SELECT true FROM lists_left AS f WHERE f.tenant_id = @TenantId AND f.recipient_id = known_id AND f.list_id = @ListId) IS TRUE AS has_left
    FROM met
    -- The index's order: its pages are met one after the other. And everybody is met before anybody is written.
    ORDER BY email_key
), merged AS MATERIALIZED (
    -- Who stays as they are, and is on the list or has left it, is counted and not written. Whoever joins the list is written as well,
    -- which keeps them from being deleted before the commit.
    SELECT j.*, known IS NOT NULL AND cleared IS NULL AND email = known_email
        AND (coalesce(first_name, known_first_name), coalesce(last_name, known_last_name), new_locale,
             coalesce(phone, known_phone), new_country, new_region, zone ->> 0, zone ->> 1, rule ->> 0)
            IS NOT DISTINCT FROM (known_first_name, known_last_name, known_locale,
             known_phone, known_country, known_region, known_zone, known_zone_source, known_status)
        AND (NOT (rule -> 1)::boolean OR (consent_source, consent_at) IS NOT DISTINCT FROM (known_source, known_at))
        AND known_attributes || attributes = known_attributes
        -- Not EXISTS, which the planner may answer by reading the whole list.
        AND (has_left OR (SELECT true FROM list_recipients AS l WHERE l.tenant_id = @TenantId AND l.list_id = @ListId AND l.recipient_id = known_id) IS TRUE) AS stays
    FROM judged AS j
), updated AS (
    -- By version: whoever changed a recipient meanwhile makes this batch come up short, and it is merged again.
    UPDATE recipients AS r SET
        email = m.email,
        first_name = CASE WHEN 'first_name' = ANY (m.cleared) THEN NULL ELSE coalesce(m.first_name, r.first_name) END,
        last_name = CASE WHEN 'last_name' = ANY (m.cleared) THEN NULL ELSE coalesce(m.last_name, r.last_name) END,
        locale = m.new_locale,
        country = m.new_country, region = m.new_region,
        phone = CASE WHEN 'phone' = ANY (m.cleared) THEN NULL ELSE coalesce(m.phone, r.phone) END,
        time_zone = m.zone ->> 0, time_zone_source = m.zone ->> 1,
        time_zone_confidence = CASE WHEN m.zone ->> 1 = 'activity' THEN r.time_zone_confidence END, -- kept with the zone
        attributes = r.attributes || m.attributes,
        consent_status = m.rule ->> 0,
        consent_source = CASE WHEN (m.rule -> 1)::boolean THEN m.consent_source ELSE r.consent_source END,
        consent_at = CASE WHEN (m.rule -> 1)::boolean THEN m.consent_at ELSE r.consent_at END,
        updated_at = @Now
    FROM merged AS m
    -- Where nobody is known, this costs nothing: said outright, it saves reading the tenant's recipients for a join.
    WHERE r.tenant_id = @TenantId AND r.ctid = m.known AND m.known IS NOT NULL AND NOT m.stays
    RETURNING r.recipient_id, m.has_left
), inserted AS (
    INSERT INTO recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, first_name, last_name, locale,
        country, region, phone, time_zone, time_zone_source, attributes, consent_status, consent_source, consent_at, created_at, updated_at)
    SELECT @TenantId, m.recipient_id, m.email, m.email_key, m.mail_domain, m.address_hash, m.first_name, m.last_name, m.new_locale,
        m.new_country, m.new_region, m.phone, m.zone ->> 0, m.zone ->> 1, m.attributes, m.rule ->> 0, m.consent_source, m.consent_at, @Now, @Now
    FROM merged AS m WHERE m.known IS NULL
    RETURNING recipient_id
), listed AS (
    INSERT INTO list_recipients (tenant_id, list_id, recipient_id, added_at)
    SELECT @TenantId, @ListId, recipient_id, @Now FROM inserted ORDER BY recipient_id -- ids rise: appends to both indexes
), relisted AS (
    INSERT INTO list_recipients (tenant_id, list_id, recipient_id, added_at)
    SELECT @TenantId, @ListId, recipient_id, @Now FROM updated WHERE NOT has_left
    ON CONFLICT DO NOTHING
), suppressed AS (
    INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, source, created_at)
    SELECT @TenantId, uuid_v7(@Now), m.email_key, 'import', 'import', @Now FROM merged AS m WHERE @Suppress
    ON CONFLICT (tenant_id, pattern) DO NOTHING
)
SELECT count(*) AS rows,
    (SELECT count(*) FROM inserted) AS created,
    (SELECT count(*) FROM updated) + count(*) FILTER (WHERE stays) AS updated,
    count(*) FILTER (WHERE consent_statement = 'silent') AS silent,
    count(*) FILTER (WHERE has_left) AS left_list,
    count(*) FILTER (WHERE rule ->> 0 = 'granted') AS granted,
    count(*) FILTER (WHERE rule ->> 0 = 'unknown') AS unknown,
    count(*) FILTER (WHERE rule ->> 0 = 'withdrawn') AS withdrawn
FROM merged
