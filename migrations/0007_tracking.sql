-- Tracking: requests to tracking URLs, kept as they came and judged once a burst can be seen.
SET LOCAL search_path = campaignhub;

CREATE TABLE hits (
    tenant_id uuid NOT NULL,
    hit_id uuid NOT NULL,
    received_at timestamptz NOT NULL,   -- business time; its month is the partition
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),  -- real time: when judging may begin
    kind text NOT NULL CHECK (kind IN ('open', 'click')),
    campaign_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    link_index int,
    url text,
    method text NOT NULL,
    user_agent text,
    -- The headers that a prefetch is known by, as they came (cut): later rules can read them again.
    purpose text,
    sec_purpose text,
    x_moz boolean NOT NULL,
    -- Null until judged.
    class text CHECK (class IN ('human', 'machine', 'privacy_proxy', 'suspected')),
    reason text,
    rule_set int,
    PRIMARY KEY (tenant_id, hit_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX hits_unjudged ON hits (tenant_id, stored_at) WHERE class IS NULL;
CREATE INDEX hits_by_delivery ON hits (tenant_id, delivery_id, received_at);
CREATE TABLE hits_other PARTITION OF hits DEFAULT;
SELECT guard_tenant_table('hits');
SELECT let_lookups_read('hits');

-- Tenants with hits old enough to be judged: two seconds show a burst.
CREATE FUNCTION tenants_with_unjudged_hits() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT DISTINCT tenant_id FROM hits
        WHERE class IS NULL AND stored_at < clock_timestamp() - interval '2 seconds'
    $$;
ALTER FUNCTION tenants_with_unjudged_hits OWNER TO campaignhub_lookup;
