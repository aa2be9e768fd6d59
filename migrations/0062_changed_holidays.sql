-- A change of holidays moves what waits of launched campaigns.
SET LOCAL search_path = campaignhub;

-- Whether holidays have changed since this plan last followed them.
ALTER TABLE plans ADD COLUMN holidays_changed boolean NOT NULL DEFAULT false;
CREATE INDEX plans_with_changed_holidays ON plans (tenant_id, campaign_id) WHERE holidays_changed;

ALTER TABLE plan_moves DROP CONSTRAINT plan_moves_reason_check;
ALTER TABLE plan_moves ADD CHECK (reason IN ('late', 'time_zone_data', 'time_zone', 'holidays'));

-- Launched campaigns that have yet to follow them.
CREATE FUNCTION plans_of_older_holidays()
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT p.tenant_id, p.campaign_id
        FROM plans p JOIN campaigns c USING (tenant_id, campaign_id) JOIN tenants t ON t.tenant_id = p.tenant_id
        WHERE t.status = 'active' AND c.status IN ('scheduled', 'sending', 'paused') AND p.status = 'ready' AND p.holidays_changed
    $$;
ALTER FUNCTION plans_of_older_holidays OWNER TO campaignhub_lookup;
