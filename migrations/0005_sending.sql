-- Sending: the relays and the delivery ledger.
SET LOCAL search_path = campaignhub;

CREATE TABLE relays (
    tenant_id uuid NOT NULL REFERENCES tenants,
    relay_id uuid NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    port int NOT NULL,
    tls text NOT NULL CHECK (tls IN ('none', 'starttls', 'implicit')),
    username text,
    password_encrypted bytea,
    weight int NOT NULL,
    max_connections int NOT NULL,
    max_per_second int,              -- null: no limit
    max_messages_per_connection int NOT NULL,
    envelope_sender text NOT NULL CHECK (envelope_sender IN ('from', 'fixed')),
    envelope_email text,
    headers jsonb NOT NULL DEFAULT '{}',
    enabled boolean NOT NULL,
    checked_at timestamptz,
    check_ok boolean,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, relay_id)
);
SELECT guard_tenant_table('relays');

-- The ledger: one row per (campaign, address), made by the plan. States and transitions: Core's DeliveryStateMachine.
CREATE TABLE deliveries (
    tenant_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    recipient_id uuid NOT NULL,      -- no foreign key: a delivery outlives its recipient
    address_hash bytea NOT NULL,
    email text,                      -- null once the person is deleted
    mail_domain text NOT NULL,
    country char(2),                 -- as planned, for breakdowns
    time_zone_source text NOT NULL,
    zone_number int NOT NULL,        -- its local time and wave: plan_zones
    state text NOT NULL CHECK (state IN ('scheduled', 'leased', 'sending', 'accepted', 'deferred', 'rejected',
        'uncertain', 'suppressed', 'missed', 'cancelled', 'expired', 'held')),
    attempts int NOT NULL DEFAULT 0,
    first_attempt_at timestamptz,
    not_before timestamptz,          -- of a deferred one: when it is tried again (business time)
    lease_token uuid,                -- fences every write of the worker that holds it
    lease_until timestamptz,         -- real time
    node_id uuid,
    relay_id uuid,
    resends int NOT NULL DEFAULT 0,
    sent_at timestamptz,             -- the message's Date: fixed at the first attempt, the same in a resend
    message_hash bytea,              -- SHA-256 of the bytes that were sent: a resend must equal them
    message_id text,
    smtp_reply text,
    reason text,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, delivery_id),
    -- No foreign key to campaigns either: it would be checked once a row, a million times a plan. A campaign with
    -- deliveries can't be deleted by its lifecycle, and an unlaunched plan takes its deliveries with it.
    UNIQUE (tenant_id, campaign_id, address_hash)
) WITH (fillfactor = 85);
-- What a worker claims from, per campaign and zone; and whether anything of a campaign is left.
CREATE INDEX deliveries_unfinished ON deliveries (tenant_id, campaign_id, zone_number)
    WHERE state IN ('scheduled', 'leased', 'sending', 'deferred', 'uncertain');
CREATE INDEX deliveries_deferred ON deliveries (tenant_id, campaign_id, not_before) WHERE state = 'deferred';
CREATE INDEX deliveries_uncertain ON deliveries (tenant_id) WHERE state = 'uncertain';
CREATE INDEX deliveries_leased ON deliveries (lease_until) WHERE state IN ('leased', 'sending');
CREATE INDEX deliveries_by_recipient ON deliveries (tenant_id, recipient_id);
SELECT guard_tenant_table('deliveries');
SELECT let_lookups_read('deliveries');

-- The links of a launched campaign: what a click token's index stands for.
CREATE TABLE campaign_links (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    link_index int NOT NULL,
    url text NOT NULL,
    dynamic boolean NOT NULL,        -- Liquid after the host: the token carries the URL itself
    PRIMARY KEY (tenant_id, campaign_id, link_index),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);
SELECT guard_tenant_table('campaign_links');

-- Campaigns with something to claim at this business instant.
CREATE FUNCTION campaigns_to_send(business_now timestamptz)
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT c.tenant_id, c.campaign_id
        FROM campaigns c JOIN tenants t USING (tenant_id)
        WHERE c.status = 'sending' AND t.status = 'active'
          AND (EXISTS (SELECT 1 FROM waves w
                       JOIN plan_zones z ON z.tenant_id = w.tenant_id AND z.wave_id = w.wave_id
                       JOIN deliveries d ON d.tenant_id = z.tenant_id AND d.campaign_id = z.campaign_id
                           AND d.zone_number = z.zone_number AND d.state = 'scheduled'
                       WHERE w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id AND w.status = 'running')
               OR EXISTS (SELECT 1 FROM deliveries d
                          WHERE d.tenant_id = c.tenant_id AND d.campaign_id = c.campaign_id
                            AND d.state = 'deferred' AND d.not_before <= business_now))
        ORDER BY c.launched_at
    $$;
ALTER FUNCTION campaigns_to_send OWNER TO campaignhub_lookup;

-- Tenants with deliveries to sort out: whose worker fell silent (real time), that this very node held before it was
-- started again, or whose acceptance is uncertain.
CREATE FUNCTION tenants_with_stranded_deliveries(restarted_node uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT tenant_id FROM deliveries
        WHERE state IN ('leased', 'sending') AND (lease_until < clock_timestamp() OR node_id = restarted_node)
        UNION
        SELECT tenant_id FROM deliveries WHERE state = 'uncertain'
    $$;
ALTER FUNCTION tenants_with_stranded_deliveries OWNER TO campaignhub_lookup;

-- Campaigns that may be finished: open ones.
CREATE FUNCTION campaigns_in_flight()
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT c.tenant_id, c.campaign_id FROM campaigns c JOIN tenants t USING (tenant_id)
        WHERE c.status = 'sending' AND t.status = 'active'
    $$;
ALTER FUNCTION campaigns_in_flight OWNER TO campaignhub_lookup;

-- For the skipping clock: is anything at work at this business instant, and if not, when is the next thing due?
CREATE FUNCTION clock_outlook(business_now timestamptz)
    RETURNS TABLE (busy boolean, next_due timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT
            EXISTS (SELECT 1 FROM deliveries WHERE state IN ('leased', 'sending', 'uncertain'))
            OR EXISTS (SELECT 1 FROM campaigns_to_send(business_now))
            OR EXISTS (SELECT 1 FROM plans WHERE status = 'computing')
            OR EXISTS (SELECT 1 FROM imports WHERE status IN ('staging', 'queued', 'running'))
            OR EXISTS (SELECT 1 FROM unfinished_waves() WHERE status = 'running')
            OR EXISTS (SELECT 1 FROM unfinished_waves() WHERE due_at <= business_now),
            least(
                (SELECT min(due_at) FROM unfinished_waves() WHERE status = 'waiting'),
                (SELECT min(d.not_before) FROM deliveries d JOIN campaigns c USING (tenant_id, campaign_id)
                 WHERE d.state = 'deferred' AND c.status IN ('scheduled', 'sending')))
    $$;
ALTER FUNCTION clock_outlook OWNER TO campaignhub_lookup;
