-- Domains: who may be a sender, shown by DNS, and the DKIM keys that mail is signed with.
SET LOCAL search_path = campaignhub;

CREATE TABLE domains (
    tenant_id uuid NOT NULL REFERENCES tenants,
    domain_id uuid NOT NULL,
    name text NOT NULL,                    -- lower case, A-labels
    kind text NOT NULL CHECK (kind IN ('sending')),
    verified_at timestamptz,               -- since when; null: it isn't. Core's DomainVerification says what follows a read
    failed_reads int NOT NULL DEFAULT 0,   -- daily reads in a row that found it wrong
    problem text,
    readings jsonb NOT NULL DEFAULT '{}',  -- by host: what was found there last
    checked_at timestamptz,                -- when DNS was last asked
    next_read_at timestamptz NOT NULL,     -- when the daily read is due (business time)
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, domain_id),
    UNIQUE (tenant_id, kind, name)
);
CREATE INDEX domains_by_next_read ON domains (next_read_at);
SELECT guard_tenant_table('domains');
SELECT let_lookups_read('domains');

-- An RSA and an Ed25519 key, which come and go together: made, activated once DNS has both, retired by their successor,
-- and dropped some days after.
CREATE TABLE dkim_pairs (
    tenant_id uuid NOT NULL,
    pair_id uuid NOT NULL,
    domain_id uuid NOT NULL,
    generation int NOT NULL,
    rsa_selector text NOT NULL,
    rsa_public bytea NOT NULL,             -- SubjectPublicKeyInfo DER
    rsa_private_encrypted bytea NOT NULL,
    ed25519_selector text NOT NULL,
    ed25519_public bytea NOT NULL,         -- 32 bytes
    ed25519_private_encrypted bytea NOT NULL,
    created_at timestamptz NOT NULL,
    activated_at timestamptz,              -- null: waits for DNS
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, pair_id),
    UNIQUE (tenant_id, domain_id, generation),
    FOREIGN KEY (tenant_id, domain_id) REFERENCES domains ON DELETE CASCADE
);
-- At most one pair signs and at most one waits.
CREATE UNIQUE INDEX dkim_pairs_signing ON dkim_pairs (tenant_id, domain_id) WHERE activated_at IS NOT NULL AND retired_at IS NULL;
CREATE UNIQUE INDEX dkim_pairs_waiting ON dkim_pairs (tenant_id, domain_id) WHERE activated_at IS NULL;
SELECT guard_tenant_table('dkim_pairs');

-- Domains whose daily read is due at this business instant, the longest overdue first.
CREATE FUNCTION domains_to_read(business_now timestamptz, most int)
    RETURNS TABLE (tenant_id uuid, domain_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT d.tenant_id, d.domain_id FROM domains d JOIN tenants t USING (tenant_id)
        WHERE d.next_read_at <= business_now AND t.status = 'active'
        ORDER BY d.next_read_at LIMIT most
    $$;
ALTER FUNCTION domains_to_read OWNER TO campaignhub_lookup;
