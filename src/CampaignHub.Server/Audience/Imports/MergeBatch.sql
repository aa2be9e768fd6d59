-- Merges the staged rows (@after, @through] of one import, set-based, and says what came of them.
-- Absent leaves: what a row says nothing of stays as the recipient has it. The consent's rules and the zones' facts
-- are Core's own tables, given as arrays with one key each: with several, the planner takes the joins for empty.
WITH rule AS (
    SELECT * FROM unnest(@RuleKeys, @RuleStatus, @RuleTakes) AS rule (consent_case, status, takes_statement)
), zone AS (
    SELECT * FROM unnest(@ZonePlaces, @ZoneTimeZone, @ZoneSource) AS zone (place, time_zone, source)
), met AS MATERIALIZED (
    -- Each staged row beside the recipient whom it meets; `known` is that recipient's version, null for a new one.
    -- One look into the index for each row (LATERAL … LIMIT): a join by choice would read all of a large tenant's
    -- recipients for every batch while the table's statistics are still those of an empty one.
    SELECT s.*, known, known_zone, known_zone_source, known_country, known_region,
        concat_ws('/', coalesce(known_status, 'none'), s.consent_statement,
            CASE WHEN known_source = s.consent_source THEN 'same' ELSE 'other' END,
            CASE WHEN s.consent_at > known_at THEN 'newer' WHEN s.consent_at < known_at THEN 'older' ELSE 'unordered' END) AS consent_case,
        CASE WHEN 'country' = ANY (s.cleared) THEN NULL ELSE coalesce(s.country, known_country) END AS new_country,
        -- A region of the country before means nothing in another.
        CASE WHEN 'region' = ANY (s.cleared) OR 'country' = ANY (s.cleared) OR s.country <> known_country THEN s.region
             ELSE coalesce(s.region, known_region) END AS new_region
    FROM {staging} AS s
    LEFT JOIN LATERAL (
        SELECT r.ctid, r.time_zone, r.time_zone_source, r.country, r.region, r.consent_status, r.consent_source, r.consent_at
        FROM recipients AS r WHERE r.tenant_id = @TenantId AND r.email_key = s.email_key LIMIT 1
    ) AS r (known, known_zone, known_zone_source, known_country, known_region, known_status, known_source, known_at) ON true
    WHERE s.row_no > @After AND s.row_no <= @Through AND NOT s.superseded
), kept AS (
    -- A zone that was given stays, and so does one whose evidence, the place, hasn't changed.
    SELECT met.*, known IS NOT NULL AND ('time_zone' = ANY (cleared)) IS NOT TRUE AND (known_zone_source = 'given'
        OR new_country IS NOT DISTINCT FROM known_country AND new_region IS NOT DISTINCT FROM known_region) AS keeps_zone
    FROM met
), merged AS MATERIALIZED (
    SELECT kept.*, rule.status, rule.takes_statement,
        CASE WHEN kept.time_zone IS NOT NULL THEN kept.time_zone WHEN keeps_zone THEN known_zone
             ELSE coalesce(by_region.time_zone, by_country.time_zone) END AS new_zone,
        CASE WHEN kept.time_zone IS NOT NULL THEN 'given' WHEN keeps_zone THEN known_zone_source
             ELSE coalesce(by_region.source, by_country.source, 'fallback') END AS new_zone_source
    FROM kept
    JOIN rule USING (consent_case)
    LEFT JOIN zone AS by_region ON by_region.place = new_country || '/' || new_region
    LEFT JOIN zone AS by_country ON by_country.place = new_country
), updated AS (
    -- By version: whoever changed a recipient meanwhile makes this batch come up short, and it is merged again.
    UPDATE recipients AS r SET
        email = m.email,
        first_name = CASE WHEN 'first_name' = ANY (m.cleared) THEN NULL ELSE coalesce(m.first_name, r.first_name) END,
        last_name = CASE WHEN 'last_name' = ANY (m.cleared) THEN NULL ELSE coalesce(m.last_name, r.last_name) END,
        locale = CASE WHEN 'locale' = ANY (m.cleared) THEN NULL ELSE coalesce(m.locale, r.locale) END,
        country = m.new_country, region = m.new_region,
        phone = CASE WHEN 'phone' = ANY (m.cleared) THEN NULL ELSE coalesce(m.phone, r.phone) END,
        time_zone = m.new_zone, time_zone_source = m.new_zone_source,
        attributes = r.attributes || m.attributes,
        consent_status = m.status,
        consent_source = CASE WHEN m.takes_statement THEN m.consent_source ELSE r.consent_source END,
        consent_at = CASE WHEN m.takes_statement THEN m.consent_at ELSE r.consent_at END,
        updated_at = @Now
    FROM merged AS m
    WHERE r.tenant_id = @TenantId AND r.ctid = m.known
    RETURNING r.recipient_id
), inserted AS (
    INSERT INTO recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, first_name, last_name, locale,
        country, region, phone, time_zone, time_zone_source, attributes, consent_status, consent_source, consent_at, created_at, updated_at)
    SELECT @TenantId, m.recipient_id, m.email, m.email_key, m.mail_domain, m.address_hash, m.first_name, m.last_name, m.locale,
        m.new_country, m.new_region, m.phone, m.new_zone, m.new_zone_source, m.attributes, m.status, m.consent_source, m.consent_at, @Now, @Now
    FROM merged AS m WHERE m.known IS NULL
    ON CONFLICT (tenant_id, email_key) DO NOTHING
    RETURNING recipient_id
), listed AS (
    INSERT INTO list_recipients (tenant_id, list_id, recipient_id, added_at)
    SELECT @TenantId, @ListId, recipient_id, @Now FROM (SELECT recipient_id FROM updated UNION ALL SELECT recipient_id FROM inserted) AS touched
    ON CONFLICT DO NOTHING
), suppressed AS (
    INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, source, created_at)
    SELECT @TenantId, uuid_v7(@Now), m.email_key, 'import', 'import', @Now FROM merged AS m WHERE @Suppress
    ON CONFLICT (tenant_id, pattern) DO NOTHING
)
SELECT count(*) AS rows,
    (SELECT count(*) FROM inserted) AS created,
    (SELECT count(*) FROM updated) AS updated,
    count(*) FILTER (WHERE consent_statement = 'silent') AS silent,
    count(*) FILTER (WHERE status = 'granted') AS granted,
    count(*) FILTER (WHERE status = 'unknown') AS unknown,
    count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn
FROM merged
