-- Which network hits come from, as a keyed hash of the day, for as long as judging needs it or the tenant has it kept.
SET LOCAL search_path = campaignhub;

ALTER TABLE tenants ADD COLUMN ip_retention_days int NOT NULL DEFAULT 0 CHECK (ip_retention_days BETWEEN 0 AND 30);

-- Until the hit is judged; then it stands below.
ALTER TABLE hits ADD COLUMN network bytea;
-- Known for good, so that judging again comes to the same when the network isn't kept any more.
ALTER TABLE hits ADD COLUMN in_network_burst boolean NOT NULL DEFAULT false;
-- The burst that it belongs to was seen after it had been judged.
ALTER TABLE hits ADD COLUMN judge_again boolean NOT NULL DEFAULT false;
CREATE INDEX hits_to_judge_again ON hits (tenant_id, received_at) WHERE judge_again;

CREATE TABLE hit_networks (
    tenant_id uuid NOT NULL,
    hit_id uuid NOT NULL,
    network bytea NOT NULL,
    received_at timestamptz NOT NULL,
    delivery_id uuid NOT NULL,
    mail_domain text,                   -- of a click; null of an open, which is of no burst
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),  -- real time: since when it is kept
    PRIMARY KEY (tenant_id, hit_id)
);
-- The only one that knows when hits came: without statistics another would be taken for it, and seconds of all networks be read for each click.
CREATE INDEX hit_networks_near ON hit_networks (tenant_id, network, mail_domain, received_at) WHERE mail_domain IS NOT NULL;
CREATE INDEX hit_networks_by_age ON hit_networks (tenant_id, noted_at);
SELECT guard_tenant_table('hit_networks');
SELECT let_lookups_read('hit_networks');

-- Since when what is still kept has been kept: for the tenant's days, and for five minutes in any case.
CREATE FUNCTION keeps_networks_since(days int) RETURNS timestamptz
    LANGUAGE sql VOLATILE RETURN clock_timestamp() - greatest(make_interval(days => days), interval '5 minutes');

CREATE FUNCTION tenants_with_old_networks() RETURNS SETOF uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT t.tenant_id FROM tenants t
        CROSS JOIN LATERAL (SELECT n.noted_at FROM hit_networks n WHERE n.tenant_id = t.tenant_id ORDER BY n.noted_at LIMIT 1) AS oldest
        WHERE oldest.noted_at < keeps_networks_since(t.ip_retention_days)
    $$;
ALTER FUNCTION tenants_with_old_networks OWNER TO campaignhub_lookup;

CREATE OR REPLACE FUNCTION tenants_to_reclassify() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT tenant_id FROM reclassifications WHERE finished_at IS NULL
        UNION SELECT tenant_id FROM hits WHERE judge_again
        ORDER BY tenant_id
    $$;
