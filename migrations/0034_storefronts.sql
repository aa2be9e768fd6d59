-- Storefronts: connected shops, what they post, and what is known of their buyers and orders.
SET LOCAL search_path = campaignhub;

-- The zone of the shop that a person buys from: evidence for their own zone, which every inference reads.
ALTER TABLE recipients ADD COLUMN shop_time_zone text;

CREATE TABLE storefronts (
    tenant_id uuid NOT NULL REFERENCES tenants,
    storefront_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('shopify', 'woocommerce')),
    name text NOT NULL,
    domain text NOT NULL,
    list_id uuid NOT NULL,
    time_zone text,                          -- the shop's own
    secret_encrypted bytea NOT NULL,
    former_secret_encrypted bytea,           -- counts beside it until then
    former_until timestamptz,
    uninstalled_at timestamptz,
    -- Messages that were worked off; those that wait are counted where they stand.
    processed bigint NOT NULL DEFAULT 0,
    ignored bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    last_received_at timestamptz,            -- of the newest message that was worked off
    last_fault text,
    last_fault_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, storefront_id),
    FOREIGN KEY (tenant_id, list_id) REFERENCES lists
);
CREATE INDEX storefronts_by_list ON storefronts (tenant_id, list_id);
SELECT guard_tenant_table('storefronts');
SELECT let_lookups_read('storefronts');

-- What was posted, as it came: stored before the answer, worked off in order, kept for 30 days.
CREATE TABLE storefront_messages (
    tenant_id uuid NOT NULL,
    storefront_id uuid NOT NULL,
    message_no bigint GENERATED ALWAYS AS IDENTITY,
    event_key text NOT NULL,                 -- what a replay has in common with the first
    topic text NOT NULL,
    triggered_at timestamptz,                -- the shop's clock, where its header tells
    received_at timestamptz NOT NULL,        -- business time
    person_keys text[] NOT NULL,             -- whom it is about: see storefront_customers
    payload bytea,                           -- null: erased
    state text NOT NULL CHECK (state IN ('pending', 'processed', 'ignored', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,             -- real time; null: at once
    PRIMARY KEY (tenant_id, storefront_id, message_no),
    FOREIGN KEY (tenant_id, storefront_id) REFERENCES storefronts ON DELETE CASCADE
);
CREATE UNIQUE INDEX storefront_messages_once ON storefront_messages (tenant_id, storefront_id, event_key);
CREATE INDEX storefront_messages_pending ON storefront_messages (tenant_id, storefront_id, message_no) WHERE state = 'pending';
CREATE INDEX storefront_messages_by_age ON storefront_messages (tenant_id, received_at) WHERE state <> 'pending';
SELECT guard_tenant_table('storefront_messages');
SELECT let_lookups_read('storefront_messages');

-- A shop's customer: under the shop's number (c:…), a guest under the keyed hash of their address (e:…).
CREATE TABLE storefront_customers (
    tenant_id uuid NOT NULL,
    storefront_id uuid NOT NULL,
    customer_key text NOT NULL,
    recipient_id uuid,
    brought boolean NOT NULL,                -- they became a recipient by this shop
    said_at timestamptz,                     -- the newest word on who they are; an older one changes nothing
    consent_said text,                       -- the shop's last word on their consent
    tag_times jsonb NOT NULL DEFAULT '{}',   -- tag → when it was last added or removed
    gone_at timestamptz,                     -- removed or erased: an older word doesn't bring them back
    PRIMARY KEY (tenant_id, storefront_id, customer_key),
    FOREIGN KEY (tenant_id, storefront_id) REFERENCES storefronts ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, recipient_id) REFERENCES recipients ON DELETE SET NULL (recipient_id)
);
CREATE INDEX storefront_customers_by_recipient ON storefront_customers (tenant_id, recipient_id);
SELECT guard_tenant_table('storefront_customers');
SELECT let_lookups_read('storefront_customers');

CREATE TABLE storefront_orders (
    tenant_id uuid NOT NULL,
    storefront_id uuid NOT NULL,
    order_id text NOT NULL,                  -- the shop's own
    recipient_id uuid,                       -- null: erased, or the address can't be mailed
    ordered_at timestamptz NOT NULL,
    said_at timestamptz NOT NULL,            -- an older word changes nothing
    total numeric(16, 4) NOT NULL,
    currency text NOT NULL,
    counts boolean NOT NULL,                 -- no test, not cancelled, finished
    -- The campaign that led to it: the last human click before it.
    campaign_id uuid,
    delivery_id uuid,
    clicked_at timestamptz,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- real time: when attributing may begin
    attributed_at timestamptz,               -- business time; null: not yet
    PRIMARY KEY (tenant_id, storefront_id, order_id),
    FOREIGN KEY (tenant_id, storefront_id) REFERENCES storefronts ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, recipient_id) REFERENCES recipients ON DELETE SET NULL (recipient_id)
);
CREATE INDEX storefront_orders_by_recipient ON storefront_orders (tenant_id, recipient_id);
-- Holds all that a report sums.
CREATE INDEX storefront_orders_by_campaign ON storefront_orders (tenant_id, campaign_id, currency) INCLUDE (total) WHERE campaign_id IS NOT NULL AND counts;
CREATE INDEX storefront_orders_open ON storefront_orders (tenant_id, stored_at) WHERE attributed_at IS NULL;
SELECT guard_tenant_table('storefront_orders');
SELECT let_lookups_read('storefront_orders');

-- What somebody may ask for by law, and the proof that it was done. Outlives the storefront and the person, and names neither.
CREATE TABLE privacy_requests (
    tenant_id uuid NOT NULL REFERENCES tenants,
    request_id uuid NOT NULL,
    storefront_id uuid NOT NULL,
    domain text NOT NULL,                    -- the shop that asked
    kind text NOT NULL CHECK (kind IN ('data_request', 'customer_redact', 'shop_redact')),
    person_keys text[] NOT NULL,             -- the shop's number and the hash of the address
    received_at timestamptz NOT NULL,
    done_at timestamptz,
    erased jsonb,                            -- how many of what
    PRIMARY KEY (tenant_id, request_id)
);
CREATE INDEX privacy_requests_open ON privacy_requests (tenant_id, received_at) WHERE done_at IS NULL AND kind <> 'data_request';
SELECT guard_tenant_table('privacy_requests');
SELECT let_lookups_read('privacy_requests');

-- Whose address a hook is, with what its signature is judged by.
CREATE FUNCTION find_storefront(wanted uuid)
    RETURNS TABLE (tenant_id uuid, kind text, secret_encrypted bytea, former_secret_encrypted bytea, former_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT s.tenant_id, s.kind, s.secret_encrypted, s.former_secret_encrypted, s.former_until FROM storefronts s WHERE s.storefront_id = wanted $$;
ALTER FUNCTION find_storefront OWNER TO campaignhub_lookup;
CREATE INDEX storefronts_by_id ON storefronts (storefront_id);

-- Storefronts with a message that may be worked off now.
CREATE FUNCTION storefronts_with_messages() RETURNS TABLE (tenant_id uuid, storefront_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT s.tenant_id, s.storefront_id FROM storefronts s JOIN tenants t USING (tenant_id)
        WHERE t.status = 'active' AND EXISTS (
            SELECT FROM storefront_messages m
            WHERE m.tenant_id = s.tenant_id AND m.storefront_id = s.storefront_id AND m.state = 'pending'
              AND (m.next_attempt_at IS NULL OR m.next_attempt_at <= clock_timestamp()))
    $$;
ALTER FUNCTION storefronts_with_messages OWNER TO campaignhub_lookup;

CREATE FUNCTION tenants_with_old_storefront_messages(before timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT t.tenant_id FROM tenants t WHERE EXISTS (
            SELECT FROM storefront_messages m WHERE m.tenant_id = t.tenant_id AND m.state <> 'pending' AND m.received_at < before) $$;
ALTER FUNCTION tenants_with_old_storefront_messages OWNER TO campaignhub_lookup;

CREATE FUNCTION tenants_with_erasures() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT DISTINCT r.tenant_id FROM privacy_requests r WHERE r.done_at IS NULL AND r.kind <> 'data_request' $$;
ALTER FUNCTION tenants_with_erasures OWNER TO campaignhub_lookup;

-- Orders that no campaign has been looked for yet; five seconds let the clicks before them be judged.
CREATE FUNCTION tenants_with_open_orders() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT DISTINCT o.tenant_id FROM storefront_orders o WHERE o.attributed_at IS NULL AND o.stored_at < clock_timestamp() - interval '5 seconds' $$;
ALTER FUNCTION tenants_with_open_orders OWNER TO campaignhub_lookup;
