-- Sending: what mail domains made of a campaign's latest messages, counted over all nodes, to pause one that is refused as spam.
SET LOCAL search_path = campaignhub;

CREATE TABLE policy_windows (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    relay_id uuid NOT NULL,
    mail_domain text NOT NULL,
    refused bit varying(200) NOT NULL,    -- the last messages, the newest at the end: 1 where it was refused as policy or spam
    PRIMARY KEY (tenant_id, campaign_id, relay_id, mail_domain)
) WITH (fillfactor = 70);                 -- no index has what changes: versions stay on their page
SELECT guard_tenant_table('policy_windows');
