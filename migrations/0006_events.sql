-- The event log: append-only, in its tenant's order of commit.
SET LOCAL search_path = campaignhub;

CREATE TABLE events (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL,   -- business time of receipt; its month is the partition
    -- Given when the event is sequenced, after its commit: an id cursor would skip what commits late.
    sequence bigint,
    type text NOT NULL,
    at timestamptz NOT NULL,
    campaign_id uuid,
    delivery_id uuid,
    recipient_id uuid,
    class text,
    reason text,
    url text,
    link_index int,
    data jsonb,
    PRIMARY KEY (tenant_id, event_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX events_unsequenced ON events (tenant_id, event_id) WHERE sequence IS NULL;
CREATE INDEX events_in_order ON events (tenant_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX events_by_delivery ON events (tenant_id, delivery_id);
CREATE TABLE events_other PARTITION OF events DEFAULT;
SELECT guard_tenant_table('events');
SELECT let_lookups_read('events');

CREATE TABLE event_sequences (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    last_sequence bigint NOT NULL
);
SELECT guard_tenant_table('event_sequences');
SELECT let_lookups_read('event_sequences');

CREATE FUNCTION tenants_with_unsequenced_events() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT DISTINCT tenant_id FROM events WHERE sequence IS NULL $$;
ALTER FUNCTION tenants_with_unsequenced_events OWNER TO campaignhub_lookup;

-- Makes the monthly partitions around an instant. Runs as the owner, since only an owner can attach a partition, and in
-- UTC, so that a month is a UTC month. A month of which rows already stand in the default partition stays there.
CREATE FUNCTION ensure_monthly_partitions(parent text, around timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = campaignhub, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz;
    partition text;
    has_rows boolean;
BEGIN
    IF parent NOT IN ('events', 'hits') THEN
        RAISE EXCEPTION 'no monthly partitions for %', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('campaignhub partitions ' || parent));
    FOR month IN SELECT generate_series(
        date_trunc('month', around, 'UTC'), date_trunc('month', around, 'UTC') + interval '2 months', interval '1 month')
    LOOP
        partition := format('%s_%s', parent, to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'));
        CONTINUE WHEN to_regclass('campaignhub.' || partition) IS NOT NULL;
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE received_at >= $1 AND received_at < $2)', parent || '_other')
            INTO has_rows USING month, month + interval '1 month';
        IF NOT has_rows THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                partition, parent, month, month + interval '1 month');
        END IF;
    END LOOP;
END $$;
