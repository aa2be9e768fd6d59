-- For dashboards of the operator's own (docs/grafana.json): counters of all tenants, and nothing else. The views read as
-- campaignhub_lookup does; a login of the operator's needs USAGE on the schema and SELECT on these views alone. None has an address.
SET LOCAL search_path = campaignhub;

SELECT let_lookups_read('rollups');

-- Each campaign with what became of it.
CREATE VIEW report_campaigns AS
SELECT t.tenant_id, t.name AS tenant, c.campaign_id, c.name AS campaign, c.status, c.launched_at, c.finished_at,
    coalesce(r.accepted, 0) AS accepted, coalesce(r.bounces_hard, 0) AS bounces_hard, coalesce(r.bounces_soft, 0) AS bounces_soft,
    coalesce(r.complaints, 0) AS complaints, coalesce(r.unsubscribes, 0) AS unsubscribes, coalesce(r.replies, 0) AS replies,
    coalesce(r.open_all_unique, 0) AS opens_all, coalesce(r.open_human_unique, 0) AS opens_human,
    coalesce(r.click_all_unique, 0) AS clicks_all, coalesce(r.click_human_unique, 0) AS clicks_human
FROM campaigns c
JOIN tenants t ON t.tenant_id = c.tenant_id
LEFT JOIN rollups r ON r.tenant_id = c.tenant_id AND r.campaign_id = c.campaign_id AND r.dimension = 'total' AND r.key = '';

-- The same of each tenant by quarters of an hour: all of its campaigns together.
CREATE VIEW report_quarters AS
SELECT t.tenant_id, t.name AS tenant, (r.key || 'Z')::timestamptz AS at,
    r.accepted, r.bounces_hard, r.bounces_soft, r.complaints, r.unsubscribes, r.replies,
    r.open_all_unique AS opens_all, r.open_human_unique AS opens_human, r.click_all_unique AS clicks_all, r.click_human_unique AS clicks_human
FROM rollups r JOIN tenants t ON t.tenant_id = r.tenant_id
WHERE r.campaign_id = '00000000-0000-0000-0000-000000000000' AND r.dimension = 'quarter';

-- The same of each campaign by country, mail domain, time zone, local hour, weekday, device or client.
CREATE VIEW report_breakdowns AS
SELECT t.tenant_id, t.name AS tenant, r.campaign_id, r.dimension, r.key,
    r.accepted, r.bounces_hard, r.bounces_soft, r.complaints, r.unsubscribes, r.replies,
    r.open_all_unique AS opens_all, r.open_human_unique AS opens_human, r.click_all_unique AS clicks_all, r.click_human_unique AS clicks_human
FROM rollups r JOIN tenants t ON t.tenant_id = r.tenant_id
WHERE r.dimension IN ('country', 'mail_domain', 'time_zone', 'local_hour', 'local_weekday', 'device', 'client');

-- How many events of each tenant aren't in its reports yet.
CREATE VIEW report_backlog AS
SELECT t.tenant_id, t.name AS tenant, s.last_sequence - coalesce(c.folded_through, 0) AS events
FROM event_sequences s JOIN tenants t ON t.tenant_id = s.tenant_id LEFT JOIN report_cursors c ON c.tenant_id = s.tenant_id;

ALTER VIEW report_campaigns OWNER TO campaignhub_lookup;
ALTER VIEW report_quarters OWNER TO campaignhub_lookup;
ALTER VIEW report_breakdowns OWNER TO campaignhub_lookup;
ALTER VIEW report_backlog OWNER TO campaignhub_lookup;
