-- Relays: where they stand in the world, how they are doing, and how nodes share their limits.
SET LOCAL search_path = campaignhub;

ALTER TABLE relays
    ADD COLUMN region text,
    ADD COLUMN warm_up int[] NOT NULL DEFAULT '{}';   -- messages on the n-th day; empty, and after its end: no limit

-- A tenant's own regions; the others are built in (Core's RelayRegions).
CREATE TABLE relay_regions (
    tenant_id uuid NOT NULL REFERENCES tenants,
    region text NOT NULL,
    countries text[] NOT NULL,
    PRIMARY KEY (tenant_id, region)
);
SELECT guard_tenant_table('relay_regions');

-- What sending has learned of a relay. No columns of relays: people change those, under a lock and with a version by
-- which connections are made anew, and this is written whenever a relay falters. No row: nothing stands against it.
-- All instants but paused_at are real time: no relay recovers faster because a business clock skips.
CREATE TABLE relay_standing (
    tenant_id uuid NOT NULL,
    relay_id uuid NOT NULL,
    paused_reason text,               -- in words, for its owner; stays until somebody has mended it
    paused_at timestamptz,            -- business time
    failures int NOT NULL DEFAULT 0,  -- in a row
    breaker_until timestamptz,
    slow_factor double precision,     -- of its pace, until slowed_until; recovers from then on
    slowed_until timestamptz,
    quota_until timestamptz,
    PRIMARY KEY (tenant_id, relay_id),
    FOREIGN KEY (tenant_id, relay_id) REFERENCES relays ON DELETE CASCADE,
    CHECK ((paused_at IS NULL) = (paused_reason IS NULL))
);
CREATE INDEX relay_standing_paused ON relay_standing (tenant_id) WHERE paused_at IS NOT NULL;
SELECT guard_tenant_table('relay_standing');
SELECT let_lookups_read('relay_standing');

-- The nodes that use a relay now: each says so every few seconds.
CREATE TABLE relay_nodes (
    tenant_id uuid NOT NULL,
    relay_id uuid NOT NULL,
    node_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,   -- real time, as is the next
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, relay_id, node_id),
    FOREIGN KEY (tenant_id, relay_id) REFERENCES relays ON DELETE CASCADE
);
SELECT guard_tenant_table('relay_nodes');

-- Messages that a relay in warm-up was used for on a day (UTC, business time); its first row is its first day.
CREATE TABLE relay_days (
    tenant_id uuid NOT NULL,
    relay_id uuid NOT NULL,
    day date NOT NULL,
    taken bigint NOT NULL,
    granted bigint NOT NULL,          -- what the last take got: the statement that takes answers with it
    PRIMARY KEY (tenant_id, relay_id, day),
    FOREIGN KEY (tenant_id, relay_id) REFERENCES relays ON DELETE CASCADE
);
SELECT guard_tenant_table('relay_days');

-- For metrics and health: how many relays wait for their owners.
CREATE FUNCTION paused_relays() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT count(*) FROM relay_standing s JOIN tenants t USING (tenant_id)
        WHERE s.paused_at IS NOT NULL AND t.status = 'active'
    $$;
ALTER FUNCTION paused_relays OWNER TO campaignhub_lookup;
