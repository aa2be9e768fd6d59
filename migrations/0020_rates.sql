-- Sending: campaigns that are held to a number of messages an hour.
SET LOCAL search_path = campaignhub;

CREATE TABLE campaign_rates (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    free_at timestamptz NOT NULL,    -- real time: from when on the next message may be claimed
    PRIMARY KEY (tenant_id, campaign_id)
);
SELECT guard_tenant_table('campaign_rates');
