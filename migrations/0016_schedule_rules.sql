-- What a plan needs for allowed days, holidays, a window, and to say what has passed.
SET LOCAL search_path = campaignhub;

-- Dates on which a tenant sends nothing to people of a country, where a campaign names its allowed days.
CREATE TABLE holidays (
    tenant_id uuid NOT NULL REFERENCES tenants,
    country char(2) NOT NULL,
    date date NOT NULL,
    PRIMARY KEY (tenant_id, country, date)
);
SELECT guard_tenant_table('holidays');

-- A row of a plan is a zone; where holidays count, a zone and a country; with a window, a slot of it.
ALTER TABLE plan_zones
    ADD COLUMN holiday_country char(2),
    ADD COLUMN slot int NOT NULL DEFAULT 0,
    ADD COLUMN passed text CHECK (passed IN ('at_once', 'next_day', 'missed'));

-- Which slot of a window somebody is in: spread evenly, and the same in every campaign, since it depends on the address alone.
CREATE FUNCTION window_slot(address_hash bytea, slots int) RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN slots = 1 THEN 0
        ELSE (get_byte(address_hash, 0) * 65536 + get_byte(address_hash, 1) * 256 + get_byte(address_hash, 2)) * slots / 16777216 END;

-- Until when changes of people's zones have been followed; null: since the plan was computed.
ALTER TABLE plans ADD COLUMN zones_followed_at timestamptz;

-- What was moved after launch, and why: one row for people of one zone who left one instant for another. Kept to be read.
CREATE TABLE plan_moves (
    tenant_id uuid NOT NULL,
    move_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    reason text NOT NULL CHECK (reason IN ('late', 'time_zone_data', 'time_zone')),
    time_zone text NOT NULL,
    due_before timestamptz NOT NULL,
    due_after timestamptz,           -- null: skipped
    recipients bigint NOT NULL,
    PRIMARY KEY (tenant_id, move_id),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);
CREATE INDEX plan_moves_by_campaign ON plan_moves (tenant_id, campaign_id, move_id);
SELECT guard_tenant_table('plan_moves');

-- Launched campaigns whose instants were computed with an older edition of the time zone database than this one, with
-- something still to open. Editions are named so that the newer is the greater: nodes of two editions don't quarrel.
CREATE FUNCTION plans_of_older_zone_data(edition text)
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT p.tenant_id, p.campaign_id
        FROM plans p JOIN campaigns c USING (tenant_id, campaign_id) JOIN tenants t ON t.tenant_id = p.tenant_id
        WHERE t.status = 'active' AND c.status IN ('scheduled', 'sending', 'paused') AND p.status = 'ready' AND p.tzdb < edition COLLATE "C"
    $$;
ALTER FUNCTION plans_of_older_zone_data OWNER TO campaignhub_lookup;
