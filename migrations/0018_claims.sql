-- Sending: claims that write no delivery. An unfinished delivery is in exactly one of three places, and each is found
-- without looking at its state: beyond the position of its zone (nobody has claimed it yet), under a lease (which bears
-- its id), or it has come back and bears `not_before` (deferred, given back, uncertain, to be sent once more). So no index
-- changes on the way of a message that goes well, and both of its writes are heap-only updates.
SET LOCAL search_path = campaignhub;

-- How far each zone of a campaign has been claimed. Whoever claims holds the row until its commit.
CREATE TABLE claim_positions (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    zone_number int NOT NULL,
    -- Every delivery of the zone up to this id has been claimed once. Ids of a plan ascend within a zone.
    claimed_to uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    exhausted boolean NOT NULL DEFAULT false,
    -- In the zone's quiet hours: when they end (business time).
    not_before timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (tenant_id, campaign_id, zone_number)
);
SELECT guard_tenant_table('claim_positions');
SELECT let_lookups_read('claim_positions');
INSERT INTO claim_positions (tenant_id, campaign_id, zone_number)
SELECT DISTINCT tenant_id, campaign_id, zone_number FROM deliveries;

-- A lease bears what was claimed under it. Ids don't compress.
ALTER TABLE leases ADD COLUMN delivery_ids uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE leases ALTER COLUMN delivery_ids DROP DEFAULT, ALTER COLUMN delivery_ids SET STORAGE EXTERNAL;
CREATE INDEX leases_by_campaign ON leases (tenant_id, campaign_id);

-- What an earlier version claimed has come back: its workers are gone with the migration.
DELETE FROM leases;
UPDATE deliveries SET state = 'scheduled', not_before = updated_at WHERE state = 'leased';
UPDATE deliveries SET state = 'uncertain' WHERE state = 'sending';
UPDATE deliveries SET not_before = updated_at WHERE state = 'uncertain';
UPDATE deliveries SET not_before = NULL WHERE not_before IS NOT NULL AND state NOT IN ('scheduled', 'deferred', 'uncertain');

-- Room for the next version of a row on its page, without which no update is heap-only.
ALTER TABLE deliveries SET (fillfactor = 65);

-- `leased` is no state of a row any more: it is a scheduled or deferred one that a lease bears.
ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check CHECK (state IN ('scheduled', 'sending', 'accepted', 'deferred',
    'rejected', 'uncertain', 'suppressed', 'missed', 'cancelled', 'expired', 'held'));

-- The state of those that go otherwise than well; null for all others, and so unchanged on their way.
ALTER TABLE deliveries ADD COLUMN notable_state text GENERATED ALWAYS AS (
    CASE WHEN state IN ('deferred', 'rejected', 'uncertain', 'suppressed', 'missed', 'cancelled', 'expired', 'held') THEN state END) STORED;

DROP INDEX deliveries_unfinished, deliveries_deferred, deliveries_uncertain, deliveries_by_state, deliveries_by_campaign_and_state,
    deliveries_held;
CREATE INDEX deliveries_by_zone ON deliveries (tenant_id, campaign_id, zone_number, delivery_id);
CREATE INDEX deliveries_returned ON deliveries (tenant_id, campaign_id, not_before) WHERE not_before IS NOT NULL;
CREATE INDEX deliveries_uncertain ON deliveries (tenant_id) WHERE notable_state = 'uncertain';
CREATE INDEX deliveries_by_state ON deliveries (tenant_id, notable_state, delivery_id) WHERE notable_state IS NOT NULL;
CREATE INDEX deliveries_by_campaign_and_state ON deliveries (tenant_id, campaign_id, notable_state, address_hash)
    WHERE notable_state IS NOT NULL;

-- Whether a delivery is held under this lease: marked by it, or claimed by it and not come back since. The fence of every
-- write of a worker.
CREATE FUNCTION is_held(state text, not_before timestamptz, lease_token uuid, token uuid) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN state = 'sending' THEN lease_token IS NOT DISTINCT FROM token
                ELSE not_before IS NULL AND coalesce(lease_token, token) = token END;

-- Whether none of the three places holds anything of a campaign any more.
CREATE FUNCTION nothing_left(tenant uuid, campaign uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = campaignhub, pg_temp
    AS $$
        SELECT NOT EXISTS (SELECT FROM waves WHERE tenant_id = tenant AND campaign_id = campaign AND status <> 'done')
           AND NOT EXISTS (SELECT FROM leases WHERE tenant_id = tenant AND campaign_id = campaign)
           AND NOT EXISTS (SELECT FROM deliveries WHERE tenant_id = tenant AND campaign_id = campaign
                           AND not_before IS NOT NULL AND state IN ('scheduled', 'deferred', 'uncertain'))
    $$;

-- Ids of one instant that ascend with a counter (RFC 9562 section 6.2, method 1: 26 bits), so that rows made together lie
-- together in the table and in its indexes, and a zone is claimed in the order in which it lies.
CREATE FUNCTION uuid_v7(at timestamptz, counter bigint) RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
        || to_hex(x'7000'::int | ((counter >> 14) & 4095)) || to_hex(x'8000'::int | (counter & 16383))
        || right(gen_random_uuid()::text, 12))::uuid;

CREATE OR REPLACE FUNCTION tenants_with_stranded_deliveries(restarted_node uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT tenant_id FROM leases WHERE until < clock_timestamp() OR node_id = restarted_node
        UNION
        SELECT tenant_id FROM deliveries WHERE notable_state = 'uncertain'
    $$;

-- Campaigns with something to claim at this business instant. A wave that has closed counts too: its deliveries may come
-- back late.
CREATE OR REPLACE FUNCTION campaigns_to_send(business_now timestamptz)
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT c.tenant_id, c.campaign_id
        FROM campaigns c JOIN tenants t USING (tenant_id)
        WHERE c.status = 'sending' AND t.status = 'active'
          AND (EXISTS (SELECT 1 FROM waves w
                       JOIN plan_zones z ON z.tenant_id = w.tenant_id AND z.wave_id = w.wave_id
                       JOIN claim_positions p ON p.tenant_id = z.tenant_id AND p.campaign_id = z.campaign_id
                           AND p.zone_number = z.zone_number
                       WHERE w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id AND w.status <> 'waiting'
                         AND NOT p.exhausted AND p.not_before <= business_now)
               OR EXISTS (SELECT 1 FROM deliveries d
                          WHERE d.tenant_id = c.tenant_id AND d.campaign_id = c.campaign_id
                            AND d.not_before <= business_now AND d.state IN ('scheduled', 'deferred')))
        ORDER BY c.launched_at
    $$;

CREATE OR REPLACE FUNCTION clock_outlook(business_now timestamptz)
    RETURNS TABLE (busy boolean, next_due timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT
            EXISTS (SELECT 1 FROM leases)
            OR EXISTS (SELECT 1 FROM deliveries WHERE notable_state = 'uncertain')
            OR EXISTS (SELECT 1 FROM campaigns_to_send(business_now))
            OR EXISTS (SELECT 1 FROM plans WHERE status = 'computing')
            OR EXISTS (SELECT 1 FROM imports WHERE status IN ('staging', 'queued', 'running'))
            OR EXISTS (SELECT 1 FROM unfinished_waves() WHERE status = 'running')
            OR EXISTS (SELECT 1 FROM unfinished_waves() WHERE due_at <= business_now),
            least(
                (SELECT min(due_at) FROM unfinished_waves() WHERE status = 'waiting'),
                (SELECT min(d.not_before) FROM deliveries d JOIN campaigns c USING (tenant_id, campaign_id)
                 WHERE d.not_before IS NOT NULL AND d.state IN ('scheduled', 'deferred') AND c.status IN ('scheduled', 'sending')),
                (SELECT min(p.not_before) FROM claim_positions p JOIN campaigns c USING (tenant_id, campaign_id)
                 WHERE NOT p.exhausted AND p.not_before > business_now AND c.status = 'sending'))
    $$;
