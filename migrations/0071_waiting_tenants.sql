-- Which tenants have hits to judge and events to number, told by a step to the next tenant and not by reading all that waits: of a
-- backlog of 26,000 hits that took 30 ms, twice a second.
SET LOCAL search_path = campaignhub;

CREATE OR REPLACE FUNCTION tenants_with_unjudged_hits() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        WITH RECURSIVE waiting AS (
            (SELECT tenant_id FROM hits WHERE class IS NULL ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT next.tenant_id FROM waiting CROSS JOIN LATERAL (
                SELECT tenant_id FROM hits WHERE class IS NULL AND tenant_id > waiting.tenant_id ORDER BY tenant_id LIMIT 1) AS next
        )
        SELECT tenant_id FROM waiting
        WHERE (SELECT stored_at FROM hits WHERE class IS NULL AND tenant_id = waiting.tenant_id ORDER BY stored_at LIMIT 1)
            < clock_timestamp() - interval '2 seconds'
    $$;

CREATE OR REPLACE FUNCTION tenants_with_unsequenced_events() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        WITH RECURSIVE waiting AS (
            (SELECT tenant_id FROM events WHERE sequence IS NULL ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT next.tenant_id FROM waiting CROSS JOIN LATERAL (
                SELECT tenant_id FROM events WHERE sequence IS NULL AND tenant_id > waiting.tenant_id ORDER BY tenant_id LIMIT 1) AS next
        )
        SELECT tenant_id FROM waiting
    $$;
