-- Reports: counters folded from the event log, and the marks that keep uniques exact.
SET LOCAL search_path = campaignhub;

-- How far each tenant's log has been folded; moves in the transaction of the fold.
CREATE TABLE report_cursors (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    folded_through bigint NOT NULL
);
SELECT guard_tenant_table('report_cursors');
SELECT let_lookups_read('report_cursors');

-- The first hit of a delivery for each measure (open, click) and view (all, without_privacy_proxies, human).
CREATE TABLE first_hits (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    measure text NOT NULL CHECK (measure IN ('open', 'click')),
    view text NOT NULL CHECK (view IN ('all', 'without_privacy_proxies', 'human')),
    first_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, campaign_id, delivery_id, measure, view)
);
SELECT guard_tenant_table('first_hits');

-- One row per campaign, dimension (total, country, time_zone, local_hour), key, and counter:
-- counters are words such as `accepted` or `open.human.unique`.
CREATE TABLE rollups (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    dimension text NOT NULL,
    key text NOT NULL,
    counter text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (tenant_id, campaign_id, dimension, key, counter)
);
SELECT guard_tenant_table('rollups');

-- Tenants whose log has moved on since it was last folded.
CREATE FUNCTION tenants_to_fold() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT s.tenant_id FROM event_sequences s LEFT JOIN report_cursors c USING (tenant_id)
        WHERE s.last_sequence > coalesce(c.folded_through, 0)
    $$;
ALTER FUNCTION tenants_to_fold OWNER TO campaignhub_lookup;
