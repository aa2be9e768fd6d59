-- Merges the staged rows (@after, @through] of one import, set-based, and says what came of them.
-- Absent leaves: what a row says nothing of stays as the recipient has it. The consent's rules and the zones' facts
-- are Core's own tables, given as arrays.
WITH rule AS (
    SELECT * FROM unnest(@RuleCurrent, @RuleStatement, @RuleSameOrigin, @RuleOrder, @RuleStatus, @RuleTakes)
        AS rule (current_status, statement, same_origin, statement_order, status, takes_statement)
), zone AS (
    SELECT * FROM unnest(@ZoneCountry, @ZoneRegion, @ZoneTimeZone, @ZoneSource) AS zone (country, region, time_zone, source)
), met AS (
    -- Each staged row beside the recipient whom it meets; `known` is that recipient's version, null for a new one.
    SELECT s.*, r.ctid AS known, r.recipient_id AS known_id,
        r.time_zone AS known_zone, r.time_zone_source AS known_zone_source,
        r.consent_status AS known_status, r.consent_source AS known_source, r.consent_at AS known_at,
        CASE WHEN 'country' = ANY (s.cleared) THEN NULL ELSE coalesce(s.country, r.country) END AS new_country,
        -- A region of the country before means nothing in another.
        CASE WHEN 'region' = ANY (s.cleared) OR 'country' = ANY (s.cleared) OR s.country <> r.country THEN s.region
             ELSE coalesce(s.region, r.region) END AS new_region,
        r.country AS known_country, r.region AS known_region
    FROM {staging} AS s
    LEFT JOIN recipients AS r ON r.tenant_id = @TenantId AND r.email_key = s.email_key
    WHERE s.row_no > @After AND s.row_no <= @Through AND NOT s.superseded
), merged AS MATERIALIZED (
    SELECT met.*, rule.status, rule.takes_statement,
        CASE WHEN met.time_zone IS NOT NULL THEN met.time_zone WHEN keeps_zone THEN known_zone
             ELSE coalesce(by_region.time_zone, by_country.time_zone) END AS new_zone,
        CASE WHEN met.time_zone IS NOT NULL THEN 'given' WHEN keeps_zone THEN known_zone_source
             ELSE coalesce(by_region.source, by_country.source, 'fallback') END AS new_zone_source
    FROM met
    -- A zone that was given stays, and so does one whose evidence, the place, hasn't changed.
    CROSS JOIN LATERAL (SELECT known IS NOT NULL AND 'time_zone' = ANY (cleared) IS NOT TRUE
        AND (known_zone_source = 'given' OR (new_country IS NOT DISTINCT FROM known_country AND new_region IS NOT DISTINCT FROM known_region))) AS k (keeps_zone)
    LEFT JOIN zone AS by_region ON by_region.country = new_country AND by_region.region = new_region
    LEFT JOIN zone AS by_country ON by_country.country = new_country AND by_country.region IS NULL
    JOIN rule ON rule.current_status = coalesce(known_status, 'none') AND rule.statement = met.consent_statement
        AND rule.same_origin = coalesce(known_source = met.consent_source, false)
        AND rule.statement_order = CASE WHEN met.consent_at > known_at THEN 'newer' WHEN met.consent_at < known_at THEN 'older' ELSE 'unordered' END
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
