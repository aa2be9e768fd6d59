-- Syncs: a shop's customers and orders, read through its own API page by page.
SET LOCAL search_path = campaignhub;

ALTER TABLE storefronts ADD COLUMN access_token_encrypted bytea;

-- The last sync of a storefront. A page and the cursor after it are committed together.
CREATE TABLE storefront_syncs (
    tenant_id uuid NOT NULL,
    storefront_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('running', 'finished', 'failed')),
    stage text NOT NULL CHECK (stage IN ('customers', 'orders')),
    next_page text,                          -- null: the first
    customers bigint NOT NULL DEFAULT 0,
    orders bigint NOT NULL DEFAULT 0,
    faults bigint NOT NULL DEFAULT 0,
    problem text,                            -- in words, for its owner
    attempts int NOT NULL DEFAULT 0,         -- in a row
    next_attempt_at timestamptz NOT NULL DEFAULT '-infinity', -- real time: a node that reads a page has it until then
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, storefront_id),
    FOREIGN KEY (tenant_id, storefront_id) REFERENCES storefronts ON DELETE CASCADE
);
SELECT guard_tenant_table('storefront_syncs');
SELECT let_lookups_read('storefront_syncs');

CREATE FUNCTION storefront_syncs_due() RETURNS TABLE (tenant_id uuid, storefront_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT s.tenant_id, s.storefront_id FROM storefront_syncs s JOIN tenants t USING (tenant_id)
        WHERE s.status = 'running' AND s.next_attempt_at <= clock_timestamp() AND t.status = 'active' ORDER BY s.next_attempt_at LIMIT 20
    $$;
ALTER FUNCTION storefront_syncs_due OWNER TO campaignhub_lookup;
