-- Judging again: a campaign's hits by the rules of today, and what that changed.
SET LOCAL search_path = campaignhub;

-- One a campaign, its last. The place moves in the transaction that judges the hits before it.
CREATE TABLE reclassifications (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    rule_set int,                    -- of the rules that judge; null while queued
    requested_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    hits bigint NOT NULL DEFAULT 0,
    -- Judged so far: every delivery before this one, and of this one what was received up to an instant, or all.
    after_delivery uuid,
    after_received timestamptz,
    PRIMARY KEY (tenant_id, campaign_id),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);
CREATE INDEX reclassifications_unfinished ON reclassifications (tenant_id, requested_at, campaign_id) WHERE finished_at IS NULL;
SELECT guard_tenant_table('reclassifications');
SELECT let_lookups_read('reclassifications');

CREATE TABLE reclassification_changes (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    from_class text NOT NULL,
    to_class text NOT NULL,
    reason text NOT NULL,            -- of the class that it has now
    hits bigint NOT NULL,
    PRIMARY KEY (tenant_id, campaign_id, from_class, to_class, reason),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES reclassifications ON DELETE CASCADE
);
SELECT guard_tenant_table('reclassification_changes');

-- Tenants with hits to judge again.
CREATE FUNCTION tenants_to_reclassify() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT DISTINCT tenant_id FROM reclassifications WHERE finished_at IS NULL ORDER BY tenant_id $$;
ALTER FUNCTION tenants_to_reclassify OWNER TO campaignhub_lookup;

-- Since when something has been waiting to be judged again: what began before that needn't be judged with it, what began later has been.
CREATE FUNCTION oldest_reclassification() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT min(requested_at) FROM reclassifications WHERE finished_at IS NULL $$;
ALTER FUNCTION oldest_reclassification OWNER TO campaignhub_lookup;
