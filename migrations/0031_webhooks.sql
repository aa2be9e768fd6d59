-- Webhooks: a tenant's endpoints that are called with events, and what is on its way to them.
SET LOCAL search_path = campaignhub;

CREATE TABLE webhooks (
    tenant_id uuid NOT NULL REFERENCES tenants,
    webhook_id uuid NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL,                  -- empty: all
    secret_encrypted bytea NOT NULL,
    former_secret_encrypted bytea,           -- signs beside it until then
    former_until timestamptz,
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,                    -- by us; null where its owner did it
    fed_through bigint NOT NULL,             -- how far of the log its calls have been made of
    failing_since timestamptz,               -- the first failure since the last success
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id)
);
SELECT guard_tenant_table('webhooks');
SELECT let_lookups_read('webhooks');

-- One event for one endpoint. What is sent is made of the event when it is sent, so that a person who was erased meanwhile isn't in it.
CREATE TABLE webhook_calls (
    tenant_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL,        -- the event's, by which its partition is found
    type text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,             -- business time; null once it isn't pending
    leased_until timestamptz,                -- real time; a call is being made until then at the latest
    last_attempt_at timestamptz,
    last_status int,
    last_fault text,
    PRIMARY KEY (tenant_id, webhook_id, event_id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks ON DELETE CASCADE
);
CREATE INDEX webhook_calls_pending ON webhook_calls (tenant_id, webhook_id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_calls_by_age ON webhook_calls (tenant_id, received_at) WHERE state <> 'pending';
SELECT guard_tenant_table('webhook_calls');
SELECT let_lookups_read('webhook_calls');

-- Tenants whose log has moved on since calls were last made of it.
CREATE FUNCTION tenants_to_call() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT DISTINCT w.tenant_id FROM webhooks w JOIN event_sequences s USING (tenant_id)
        WHERE w.enabled AND s.last_sequence > w.fed_through
    $$;
ALTER FUNCTION tenants_to_call OWNER TO campaignhub_lookup;

-- Endpoints with a call that is due at this business instant and that nobody is making.
CREATE FUNCTION webhooks_due(business_now timestamptz)
    RETURNS TABLE (tenant_id uuid, webhook_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT w.tenant_id, w.webhook_id FROM webhooks w JOIN tenants t ON t.tenant_id = w.tenant_id
        WHERE w.enabled AND t.status = 'active' AND EXISTS (
            SELECT FROM webhook_calls c
            WHERE c.tenant_id = w.tenant_id AND c.webhook_id = w.webhook_id AND c.state = 'pending'
              AND c.next_attempt_at <= business_now AND (c.leased_until IS NULL OR c.leased_until < clock_timestamp()))
    $$;
ALTER FUNCTION webhooks_due OWNER TO campaignhub_lookup;
