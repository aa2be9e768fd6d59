-- Scheduling: how often a tenant's people are mailed at most.
SET LOCAL search_path = campaignhub;

CREATE TABLE frequency_caps (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    messages int NOT NULL,
    per_seconds bigint NOT NULL,
    when_capped text NOT NULL CHECK (when_capped IN ('skip', 'next_day'))
);
SELECT guard_tenant_table('frequency_caps');
