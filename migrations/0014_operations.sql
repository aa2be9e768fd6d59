-- Operations: what the doctor reads across tenants, as the lookup role, which can write nothing.
SET LOCAL search_path = campaignhub;

-- How a relay is used; not where it is, nor its login.
GRANT SELECT (tenant_id, relay_id, max_connections, max_per_second, enabled) ON relays TO campaignhub_lookup;
CREATE POLICY lookup ON relays FOR SELECT TO campaignhub_lookup USING (true);
SELECT let_lookups_read('relay_nodes');

-- Few among many that are final.
CREATE INDEX deliveries_held ON deliveries (tenant_id, campaign_id) WHERE state = 'held';
