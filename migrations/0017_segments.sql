-- Audience: saved filters over recipients.
SET LOCAL search_path = campaignhub;

CREATE TABLE segments (
    tenant_id uuid NOT NULL REFERENCES tenants,
    segment_id uuid NOT NULL,
    name text NOT NULL,
    filter jsonb NOT NULL,           -- as Core's FilterReader takes it; checked when it was written
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, segment_id)
);
SELECT guard_tenant_table('segments');
