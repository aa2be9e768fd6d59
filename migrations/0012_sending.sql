-- Sending: why the service paused a campaign, and claims from waves that are done.
SET LOCAL search_path = campaignhub;

ALTER TABLE campaigns ADD COLUMN paused_reason text;

-- A lease is one row for all that a worker claimed together, and a heartbeat writes that row alone. The deliveries bear
-- its token, which fences every write of the worker.
CREATE TABLE leases (
    tenant_id uuid NOT NULL,
    token uuid NOT NULL,
    campaign_id uuid NOT NULL,
    node_id uuid NOT NULL,
    until timestamptz NOT NULL,      -- real time
    PRIMARY KEY (tenant_id, token)
);
CREATE INDEX leases_by_end ON leases (until);
SELECT guard_tenant_table('leases');
SELECT let_lookups_read('leases');
-- What an earlier version claimed runs out at once: its workers are gone with the migration.
INSERT INTO leases (tenant_id, token, campaign_id, node_id, until)
SELECT tenant_id, lease_token, campaign_id, min(node_id::text)::uuid, '-infinity' FROM deliveries
WHERE state IN ('leased', 'sending') AND lease_token IS NOT NULL GROUP BY tenant_id, lease_token, campaign_id;
ALTER TABLE deliveries DROP COLUMN lease_until, DROP COLUMN node_id;

-- Tenants with deliveries to sort out: whose worker fell silent (real time), that this very node held before it was
-- started again, or whose acceptance is uncertain.
CREATE OR REPLACE FUNCTION tenants_with_stranded_deliveries(restarted_node uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT tenant_id FROM leases WHERE until < clock_timestamp() OR node_id = restarted_node
        UNION
        SELECT tenant_id FROM deliveries WHERE state = 'uncertain'
    $$;

-- Statistics of a ledger that has just grown by a plan come late by themselves. Runs as the owner, who alone may ANALYZE.
CREATE FUNCTION refresh_ledger_statistics() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ BEGIN ANALYZE deliveries, plan_zones, waves; END $$;

-- Campaigns with something to claim at this business instant. A wave that has closed counts too: what was deferred and
-- then given back unsent, or is sent once more because its acceptance was uncertain, is scheduled in it again.
CREATE OR REPLACE FUNCTION campaigns_to_send(business_now timestamptz)
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
                       WHERE w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id AND w.status <> 'waiting')
               OR EXISTS (SELECT 1 FROM deliveries d
                          WHERE d.tenant_id = c.tenant_id AND d.campaign_id = c.campaign_id
                            AND d.state = 'deferred' AND d.not_before <= business_now))
        ORDER BY c.launched_at
    $$;
