-- Audience: who may be mailed, who must not, and how they came in.
SET LOCAL search_path = campaignhub;

CREATE TABLE recipients (
    tenant_id uuid NOT NULL REFERENCES tenants,
    recipient_id uuid NOT NULL,
    email text NOT NULL,             -- as it is mailed: local part as given, domain in lower-case punycode
    email_key text NOT NULL,         -- normalised: what makes an address the same address
    mail_domain text NOT NULL,
    address_hash bytea NOT NULL,     -- HMAC of email_key under the tenant's key: outlives erasure in deliveries
    first_name text,
    last_name text,
    locale text,
    country char(2),
    region text,
    phone text,
    time_zone text,                  -- null: the campaign's or tenant's fallback
    time_zone_source text NOT NULL,
    attributes jsonb NOT NULL DEFAULT '{}',
    consent_status text NOT NULL CHECK (consent_status IN ('granted', 'pending', 'withdrawn', 'unknown')),
    consent_source text,
    consent_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, recipient_id),
    UNIQUE (tenant_id, email_key)
);
SELECT guard_tenant_table('recipients');

CREATE TABLE lists (
    tenant_id uuid NOT NULL REFERENCES tenants,
    list_id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, list_id)
);
SELECT guard_tenant_table('lists');

CREATE TABLE list_recipients (
    tenant_id uuid NOT NULL,
    list_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, list_id, recipient_id),
    FOREIGN KEY (tenant_id, list_id) REFERENCES lists ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, recipient_id) REFERENCES recipients ON DELETE CASCADE
);
CREATE INDEX list_recipients_by_recipient ON list_recipients (tenant_id, recipient_id);
SELECT guard_tenant_table('list_recipients');

CREATE TABLE suppressions (
    tenant_id uuid NOT NULL REFERENCES tenants,
    suppression_id uuid NOT NULL,
    pattern text NOT NULL,           -- normalised: an address key, *@domain, or *.domain
    reason text NOT NULL,
    note text,
    source text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, suppression_id),
    UNIQUE (tenant_id, pattern)
);
SELECT guard_tenant_table('suppressions');

-- Every pattern that would match an address, so that suppression is tested by equality:
-- the address, its domain, and each domain above it.
CREATE FUNCTION suppression_candidates(email_key text, mail_domain text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY[email_key, '*@' || mail_domain] || ARRAY(
        SELECT '*.' || array_to_string(labels[i:], '.')
        FROM (SELECT string_to_array(mail_domain, '.') AS labels) AS domain,
             generate_series(2, cardinality(labels)) AS i);

CREATE TABLE imports (
    tenant_id uuid NOT NULL REFERENCES tenants,
    import_id uuid NOT NULL,
    list_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('staging', 'queued', 'running', 'finished', 'failed')),
    failure_code text,
    failure_message text,
    consent text,                    -- what the caller states for rows that say nothing
    consent_source text,             -- where the consent of rows comes from that don't say it themselves
    suppress boolean NOT NULL DEFAULT false,
    has_consent_column boolean NOT NULL DEFAULT false,
    rows bigint NOT NULL DEFAULT 0,
    created bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    invalid bigint NOT NULL DEFAULT 0,
    silent bigint NOT NULL DEFAULT 0,           -- merged rows without any consent
    warnings jsonb NOT NULL DEFAULT '[]',
    consent_granted bigint NOT NULL DEFAULT 0,
    consent_unknown bigint NOT NULL DEFAULT 0,
    consent_withdrawn bigint NOT NULL DEFAULT 0,
    merged_through bigint NOT NULL DEFAULT 0,   -- the last staged row whose batch is committed
    heartbeat_at timestamptz NOT NULL,          -- real time; an uploader silent for a minute is given up
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, import_id),
    FOREIGN KEY (tenant_id, list_id) REFERENCES lists ON DELETE CASCADE
);
CREATE INDEX imports_unfinished ON imports (tenant_id) WHERE status IN ('staging', 'queued', 'running');
SELECT guard_tenant_table('imports');
SELECT let_lookups_read('imports');

CREATE TABLE import_errors (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row bigint NOT NULL,
    field text NOT NULL,
    code text NOT NULL,
    message text NOT NULL,
    value text,
    PRIMARY KEY (tenant_id, import_id, row, field),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports ON DELETE CASCADE
);
SELECT guard_tenant_table('import_errors');

-- COPY can't write under row-level security: one table an import, made and dropped with it, stands here.
CREATE SCHEMA IF NOT EXISTS campaignhub_staging;
GRANT USAGE, CREATE ON SCHEMA campaignhub_staging TO campaignhub_service;

-- Imports to merge, and uploads that have been silent for a minute; oldest first, so that a tenant's later file wins.
CREATE FUNCTION imports_to_work_off()
    RETURNS TABLE (tenant_id uuid, import_id uuid, status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT i.tenant_id, i.import_id, i.status FROM imports i JOIN tenants t USING (tenant_id)
        WHERE t.status = 'active'
          AND (i.status IN ('queued', 'running')
               OR i.status = 'staging' AND i.heartbeat_at < clock_timestamp() - interval '1 minute')
        ORDER BY i.import_id
    $$;
ALTER FUNCTION imports_to_work_off OWNER TO campaignhub_lookup;

-- Staging tables whose import is gone, as when its list was deleted. Table and import are made in one transaction.
CREATE FUNCTION orphaned_staging_tables() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'campaignhub_staging' AND c.relkind = 'r'
          AND NOT EXISTS (SELECT FROM imports i WHERE 'import_' || replace(i.import_id::text, '-', '') = c.relname)
    $$;
ALTER FUNCTION orphaned_staging_tables OWNER TO campaignhub_lookup;

-- Statistics of a table that is being filled come late by themselves (autovacuum looks once a minute), and until then
-- the planner takes every tenant for a small one. Runs as the owner, who alone may ANALYZE.
CREATE FUNCTION refresh_audience_statistics() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ BEGIN ANALYZE recipients, list_recipients; END $$;
