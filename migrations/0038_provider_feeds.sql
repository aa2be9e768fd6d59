-- Provider feeds: what providers post about mail that was handed to them.
SET LOCAL search_path = campaignhub;

CREATE TABLE provider_feeds (
    tenant_id uuid NOT NULL REFERENCES tenants,
    feed_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('mailgun', 'postmark', 'sendgrid', 'brevo', 'ses')),
    name text NOT NULL,
    topic_arn text,                      -- SES: the one topic that may post
    secret_encrypted bytea,              -- the others
    former_secret_encrypted bytea,       -- counts beside it until then
    former_until timestamptz,
    matched bigint NOT NULL DEFAULT 0,
    unmatched bigint NOT NULL DEFAULT 0,
    received_at timestamptz,             -- business time, true to the minute
    confirm_url text,                    -- SES: to be called
    confirm_at timestamptz,              -- real time: when to call it; a node that calls it has it until then
    confirm_failures int NOT NULL DEFAULT 0, -- in a row
    confirmed_at timestamptz,            -- business time
    problem text,                        -- why it couldn't be confirmed, for its owner
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, feed_id),
    CHECK ((kind = 'ses') = (topic_arn IS NOT NULL)),
    CHECK (kind <> 'ses' OR secret_encrypted IS NULL)
);
CREATE INDEX provider_feeds_by_id ON provider_feeds (feed_id);
CREATE INDEX provider_feeds_to_confirm ON provider_feeds (confirm_at) WHERE confirm_url IS NOT NULL;
SELECT guard_tenant_table('provider_feeds');
SELECT let_lookups_read('provider_feeds');

-- Posts that were taken, so that the same one again has no effect.
CREATE TABLE provider_posts (
    tenant_id uuid NOT NULL,
    feed_id uuid NOT NULL,
    digest bytea NOT NULL,               -- of what the provider signed
    received_at timestamptz NOT NULL,    -- business time
    PRIMARY KEY (tenant_id, feed_id, digest),
    FOREIGN KEY (tenant_id, feed_id) REFERENCES provider_feeds ON DELETE CASCADE
);
CREATE INDEX provider_posts_by_age ON provider_posts (received_at);
SELECT guard_tenant_table('provider_posts');
SELECT let_lookups_read('provider_posts');

-- What the posts say, each until its delivery is found; what is found for none stays for a while, to be looked at. No addresses.
CREATE TABLE provider_events (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    feed_id uuid NOT NULL,
    received_at timestamptz NOT NULL,    -- business time
    digest bytea NOT NULL,               -- of the provider's own id of it
    class text NOT NULL,
    rule text NOT NULL,
    is_final boolean NOT NULL,
    code text,
    diagnostic text,
    mail_domain text,
    recipient_id uuid,                   -- who has the address that it names; null: nobody
    token text,
    provider_message_id text,
    return_path text,
    message_id text,
    tries int NOT NULL DEFAULT 0,
    next_try_at timestamptz,             -- real time; null: given up
    PRIMARY KEY (tenant_id, event_id),
    UNIQUE (tenant_id, feed_id, digest),
    FOREIGN KEY (tenant_id, feed_id) REFERENCES provider_feeds ON DELETE CASCADE
);
CREATE INDEX provider_events_due ON provider_events (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX provider_events_unmatched ON provider_events (tenant_id, feed_id, event_id) WHERE next_try_at IS NULL;
CREATE INDEX provider_events_by_age ON provider_events (received_at) WHERE next_try_at IS NULL;
SELECT guard_tenant_table('provider_events');
SELECT let_lookups_read('provider_events');

-- A person may tell a provider that they want no more mail.
ALTER TABLE inbound_reports DROP CONSTRAINT inbound_reports_class_check;
ALTER TABLE inbound_reports ADD CONSTRAINT inbound_reports_class_check
    CHECK (class IN ('hard', 'soft', 'policy', 'full', 'auto_reply', 'complaint', 'unsubscribe', 'reply', 'other'));

-- Whose a feed is: the signature of what is posted says whether it may be believed.
CREATE FUNCTION tenants_of_provider_feed(wanted_kind text, wanted uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT tenant_id FROM provider_feeds WHERE feed_id = wanted AND kind = wanted_kind $$;
ALTER FUNCTION tenants_of_provider_feed OWNER TO campaignhub_lookup;

CREATE FUNCTION due_provider_events() RETURNS TABLE (tenant_id uuid, event_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT e.tenant_id, e.event_id FROM provider_events e WHERE e.next_try_at <= clock_timestamp() ORDER BY e.next_try_at LIMIT 200 $$;
ALTER FUNCTION due_provider_events OWNER TO campaignhub_lookup;

CREATE FUNCTION due_provider_confirmations() RETURNS TABLE (tenant_id uuid, feed_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT f.tenant_id, f.feed_id FROM provider_feeds f WHERE f.confirm_url IS NOT NULL AND f.confirm_at <= clock_timestamp() ORDER BY f.confirm_at LIMIT 20 $$;
ALTER FUNCTION due_provider_confirmations OWNER TO campaignhub_lookup;

CREATE FUNCTION tenants_with_old_provider_posts(posts_until timestamptz, events_until timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT tenant_id FROM provider_posts WHERE received_at < posts_until
        UNION
        SELECT tenant_id FROM provider_events WHERE next_try_at IS NULL AND received_at < events_until
    $$;
ALTER FUNCTION tenants_with_old_provider_posts OWNER TO campaignhub_lookup;
