-- Zones are learned once a day from what people have read since.
SET LOCAL search_path = campaignhub;

-- Until where in the log each tenant's readers have been looked at, and when its end was last reached.
CREATE TABLE zone_cursors (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    learned_through bigint NOT NULL,
    learned_at timestamptz           -- null: not yet
);
SELECT guard_tenant_table('zone_cursors');
SELECT let_lookups_read('zone_cursors');

-- Tenants whose log has moved on, and whose day is over.
CREATE FUNCTION tenants_to_learn_zones_of(moment timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT s.tenant_id FROM event_sequences s JOIN tenants t USING (tenant_id) LEFT JOIN zone_cursors c USING (tenant_id)
        WHERE t.status = 'active' AND s.last_sequence > coalesce(c.learned_through, 0)
          AND (c.learned_at IS NULL OR c.learned_at <= moment - interval '24 hours')
    $$;
ALTER FUNCTION tenants_to_learn_zones_of OWNER TO campaignhub_lookup;
