-- Reports of every kind: roll-ups as wide as a report reads them and by more dimensions, and marks that know what their hit
-- was counted under, so that an earlier one that comes late can move it.
SET LOCAL search_path = campaignhub;

-- The log is whole: everything is folded from it anew, and until that is done reports say so by `as_of`.
TRUNCATE rollups, first_hits, delivery_hours, report_cursors;

-- One row per campaign, dimension and key, and beside the campaigns one for all of a tenant's (the zero id) by quarter.
--   total          ''
--   quarter        the quarter of an hour (UTC) in which it happened; of a unique, its first hit's. Zones differ by quarters.
--   link           the link's index
--   country, mail_domain, time_zone, local_hour, local_weekday   as the delivery was planned
--   device, client                                               of the hit; of a unique, of its first hit
--   arm            of campaigns with best_time: how the delivery's hour was found; uniques within 24 hours of the message alone
--   delay          of a unique: the bucket of the time from the message's date to its first hit (Core's DelayScale)
ALTER TABLE rollups DROP CONSTRAINT rollups_pkey;
ALTER TABLE rollups DROP COLUMN counter, DROP COLUMN value,
    ADD COLUMN accepted bigint NOT NULL DEFAULT 0,
    ADD COLUMN bounces_hard bigint NOT NULL DEFAULT 0,
    ADD COLUMN bounces_soft bigint NOT NULL DEFAULT 0,
    ADD COLUMN complaints bigint NOT NULL DEFAULT 0,
    ADD COLUMN unsubscribes bigint NOT NULL DEFAULT 0,
    ADD COLUMN replies bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_all_hits bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_all_unique bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_without_privacy_proxies_hits bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_without_privacy_proxies_unique bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_human_hits bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_human_unique bigint NOT NULL DEFAULT 0,
    ADD COLUMN click_all_hits bigint NOT NULL DEFAULT 0,
    ADD COLUMN click_all_unique bigint NOT NULL DEFAULT 0,
    ADD COLUMN click_without_privacy_proxies_hits bigint NOT NULL DEFAULT 0,
    ADD COLUMN click_without_privacy_proxies_unique bigint NOT NULL DEFAULT 0,
    ADD COLUMN click_human_hits bigint NOT NULL DEFAULT 0,
    ADD COLUMN click_human_unique bigint NOT NULL DEFAULT 0,
    ADD PRIMARY KEY (tenant_id, campaign_id, dimension, key);
-- Counters grow with every fold: room for the next version of a row on its page.
ALTER TABLE rollups SET (fillfactor = 70);
-- A campaign reaches tens of thousands of mail domains, of which a report shows the largest.
CREATE INDEX rollups_largest_domains ON rollups (tenant_id, campaign_id, accepted DESC, key) WHERE dimension = 'mail_domain';

ALTER TABLE first_hits ADD COLUMN device text, ADD COLUMN client text;

-- That a delivery's link was clicked in a view: a link's uniques.
CREATE TABLE first_link_hits (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    link_index int NOT NULL,
    view text NOT NULL CHECK (view IN ('all', 'without_privacy_proxies', 'human')),
    PRIMARY KEY (tenant_id, campaign_id, delivery_id, link_index, view)
);
SELECT guard_tenant_table('first_link_hits');

-- Tenants of whose log anything has been folded.
CREATE FUNCTION tenants_with_reports() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT tenant_id FROM report_cursors ORDER BY tenant_id $$;
ALTER FUNCTION tenants_with_reports OWNER TO campaignhub_lookup;
