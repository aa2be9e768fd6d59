-- The ground: roles, the guard that every tenant table stands behind, tenants and their keys.
--
-- Three roles:
--   the login           owns everything and runs these migrations, never a request;
--   campaignhub_service what the service takes on for all of its work: bound by row-level security;
--   campaignhub_lookup  owns the few functions that must look across tenants before one is known.
SET LOCAL search_path = campaignhub;

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'campaignhub_service') THEN
        CREATE ROLE campaignhub_service NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'campaignhub_lookup') THEN
        CREATE ROLE campaignhub_lookup NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    -- Roles belong to the whole cluster: another database's migration may have made them a moment ago.
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'campaignhub_service', 'MEMBER') THEN
        EXECUTE format('GRANT campaignhub_service TO %I', current_user);
    END IF;
    IF NOT pg_has_role(current_user, 'campaignhub_lookup', 'MEMBER') THEN
        EXECUTE format('GRANT campaignhub_lookup TO %I', current_user);
    END IF;
END $$;

GRANT USAGE ON SCHEMA campaignhub TO campaignhub_service;
-- CREATE lets the functions below be handed to it; it can't log in and owns nothing else.
GRANT USAGE, CREATE ON SCHEMA campaignhub TO campaignhub_lookup;

-- The tenants that this transaction may see: set by set_config('campaignhub.tenants', '{…}', true), empty otherwise.
CREATE FUNCTION current_tenants() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('campaignhub.tenants', true), ''), '{}')::uuid[];

-- Puts a tenant table behind row-level security and lets the service write it.
-- FORCE binds the owner too, so that a forgotten role change still sees nothing.
-- The sub-select has the setting read once a statement, and not once a row.
CREATE FUNCTION guard_tenant_table(guarded regclass) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY tenant ON %s USING (tenant_id = ANY ((SELECT campaignhub.current_tenants())::uuid[]))', guarded);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO campaignhub_service', guarded);
END $$;

-- Lets the lookup role read a tenant table across tenants; only its functions can use that.
CREATE FUNCTION let_lookups_read(guarded regclass) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT SELECT ON %s TO campaignhub_lookup', guarded);
    EXECUTE format('CREATE POLICY lookup ON %s FOR SELECT TO campaignhub_lookup USING (true)', guarded);
END $$;

-- An RFC 9562 version 7 id at the given instant; PostgreSQL has none of its own before 18.
CREATE FUNCTION uuid_v7(at timestamptz) RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN encode(
        set_byte(
            overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
            6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112),
        'hex')::uuid;

-- One row: what ties this database to a key ring. A node with another ring refuses to start.
CREATE TABLE installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    key_ring_fingerprint text NOT NULL,
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON installation TO campaignhub_service;

CREATE TABLE tenants (
    tenant_id uuid PRIMARY KEY,
    name text NOT NULL,
    time_zone text NOT NULL DEFAULT 'Etc/UTC',
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    created_at timestamptz NOT NULL
);
SELECT guard_tenant_table('tenants');
SELECT let_lookups_read('tenants');

CREATE TABLE api_keys (
    tenant_id uuid NOT NULL REFERENCES tenants,
    api_key_id uuid NOT NULL,
    name text NOT NULL,
    -- Not unique: unique keys begin with tenant_id, and a request's key is found by prefix before its tenant is known.
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    PRIMARY KEY (tenant_id, api_key_id)
);
CREATE INDEX api_keys_by_prefix ON api_keys (prefix);
SELECT guard_tenant_table('api_keys');
SELECT let_lookups_read('api_keys');

-- One row per Idempotency-Key in its 24 hours. The operator's requests stand under the zero tenant.
CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL,
    scope text NOT NULL,           -- method and path
    key text NOT NULL,
    body_hash bytea,               -- SHA-256; null while a streamed body is still being read
    holder uuid NOT NULL,          -- who may write the answer: fences a holder that was given up
    heartbeat_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    status int,                    -- null while running
    location text,
    body bytea,                    -- encrypted where `secret`
    secret boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
SELECT guard_tenant_table('idempotency_keys');
SELECT let_lookups_read('idempotency_keys');

-- Whose keys are past their 24 hours; the operator's among them.
CREATE FUNCTION tenants_with_old_idempotency_keys() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT DISTINCT tenant_id FROM idempotency_keys WHERE created_at < clock_timestamp() - interval '24 hours' $$;
ALTER FUNCTION tenants_with_old_idempotency_keys OWNER TO campaignhub_lookup;

-- Who a presented key belongs to: all that authentication needs, before a tenant is known.
CREATE FUNCTION find_api_keys(wanted text)
    RETURNS TABLE (tenant_id uuid, api_key_id uuid, key_hash bytea, scopes text[], tenant_status text, last_used_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT k.tenant_id, k.api_key_id, k.key_hash, k.scopes, t.status, k.last_used_at
        FROM api_keys k JOIN tenants t USING (tenant_id)
        WHERE k.prefix = wanted
    $$;
ALTER FUNCTION find_api_keys OWNER TO campaignhub_lookup;

-- A page of tenants for the operator, oldest first (ids are in order of time).
CREATE FUNCTION tenant_page(after uuid, page_size int)
    RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT tenant_id FROM tenants WHERE after IS NULL OR tenant_id > after ORDER BY tenant_id LIMIT page_size
    $$;
ALTER FUNCTION tenant_page OWNER TO campaignhub_lookup;

-- Tenants whose work may go on: loops over tenants start here.
CREATE FUNCTION active_tenants() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT tenant_id FROM tenants WHERE status = 'active' ORDER BY tenant_id $$;
ALTER FUNCTION active_tenants OWNER TO campaignhub_lookup;
