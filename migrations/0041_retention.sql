-- How long events and hits are kept: whole months dropped for all, a tenant's shorter time row by row.
SET LOCAL search_path = campaignhub;

ALTER TABLE tenants ADD COLUMN retention_days int CHECK (retention_days BETWEEN 30 AND 36500);  -- null: as long as the operator keeps all

CREATE FUNCTION retention_by_tenant() RETURNS TABLE (tenant_id uuid, retention_days int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT tenant_id, retention_days FROM tenants ORDER BY tenant_id $$;
ALTER FUNCTION retention_by_tenant OWNER TO campaignhub_lookup;

-- From when on a tenant's events are whole. What was counted from earlier ones can't be recounted any more.
CREATE TABLE report_seals (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    sealed_before timestamptz NOT NULL
);
SELECT guard_tenant_table('report_seals');

-- Rows come in the order of receipt, nearly: a few pages tell where the old ones are.
CREATE INDEX events_by_receipt ON events USING brin (received_at) WITH (autosummarize = on);
CREATE INDEX hits_by_receipt ON hits USING brin (received_at) WITH (autosummarize = on);

-- A partition is made and dropped with its parent locked, and everybody waits behind whoever waits for that: behind a reader
-- that takes long, such as a backup, both give up at once.
ALTER FUNCTION ensure_monthly_partitions SET lock_timeout = '200ms';

-- Drops the monthly partitions that ended by then; how many. Runs as the owner, since only an owner can drop one.
CREATE FUNCTION drop_monthly_partitions(parent text, before timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = campaignhub, pg_temp SET timezone = 'UTC' SET lock_timeout = '200ms' AS $$
DECLARE
    partition text;
    dropped int := 0;
BEGIN
    IF parent NOT IN ('events', 'hits') THEN
        RAISE EXCEPTION 'no monthly partitions for %', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('campaignhub partitions ' || parent));
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass('campaignhub.' || parent) AND c.relname ~ ('^' || parent || '_\d{4}_\d{2}$')
          AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month')::timestamptz <= before
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
