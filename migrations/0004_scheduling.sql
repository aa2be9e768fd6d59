-- Scheduling: the plan (who at which instant, and why) and the waves that Hangfire wakes.
SET LOCAL search_path = campaignhub;

CREATE TABLE plans (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('computing', 'ready', 'failed')),
    -- Launch once the plan is ready: set when a campaign is launched without one.
    launch_when_ready boolean NOT NULL DEFAULT false,
    failure text,
    requested_at timestamptz NOT NULL,
    computed_at timestamptz,
    tzdb text,
    recipients bigint NOT NULL DEFAULT 0,
    excluded_suppressed bigint NOT NULL DEFAULT 0,
    excluded_no_consent bigint NOT NULL DEFAULT 0,
    zone_sources jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, campaign_id),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);
SELECT guard_tenant_table('plans');
SELECT let_lookups_read('plans');

-- All deliveries of a campaign that are due at one instant; one Hangfire job each.
CREATE TABLE waves (
    tenant_id uuid NOT NULL,
    wave_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    due_at timestamptz,              -- null: at the moment of launch, still ahead
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done')),
    recipients bigint NOT NULL,
    job_id text,
    PRIMARY KEY (tenant_id, wave_id),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);
CREATE INDEX waves_by_campaign ON waves (tenant_id, campaign_id);
CREATE INDEX waves_unfinished ON waves (due_at) WHERE status <> 'done';
SELECT guard_tenant_table('waves');
SELECT let_lookups_read('waves');

-- One zone of a plan: a few hundred rows carry the local times of a million deliveries,
-- so that launching and re-planning move zones and not people.
CREATE TABLE plan_zones (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    zone_number int NOT NULL,
    time_zone text NOT NULL,
    rule text NOT NULL,
    local_time timestamp,            -- as planned, in the zone; null for `now` before launch
    due_at timestamptz,
    adjustment text NOT NULL CHECK (adjustment IN ('none', 'gap', 'overlap', 'passed', 'quiet_hours', 'allowed_days')),
    missed boolean NOT NULL DEFAULT false,
    wave_id uuid,                    -- null where missed
    recipients bigint NOT NULL,
    PRIMARY KEY (tenant_id, campaign_id, zone_number),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES plans ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, wave_id) REFERENCES waves
);
SELECT guard_tenant_table('plan_zones');
SELECT let_lookups_read('plan_zones');

-- Plans that wait. Whoever computes one holds its advisory lock, so that a dead worker's plan is free at once.
CREATE FUNCTION plans_to_compute()
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT p.tenant_id, p.campaign_id FROM plans p JOIN tenants t USING (tenant_id)
        WHERE t.status = 'active' AND p.status = 'computing'
    $$;
ALTER FUNCTION plans_to_compute OWNER TO campaignhub_lookup;

-- Waves of launched campaigns that are not done: what Hangfire should know, and what is due.
CREATE FUNCTION unfinished_waves()
    RETURNS TABLE (tenant_id uuid, wave_id uuid, campaign_id uuid, due_at timestamptz, status text, job_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT w.tenant_id, w.wave_id, w.campaign_id, w.due_at, w.status, w.job_id
        FROM waves w
        JOIN campaigns c USING (tenant_id, campaign_id)
        JOIN tenants t ON t.tenant_id = w.tenant_id
        WHERE w.status <> 'done' AND w.due_at IS NOT NULL
          AND c.status IN ('scheduled', 'sending') AND t.status = 'active'
        ORDER BY w.due_at
    $$;
ALTER FUNCTION unfinished_waves OWNER TO campaignhub_lookup;
