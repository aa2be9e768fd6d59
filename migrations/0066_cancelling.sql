-- A cancelled campaign's deliveries are given up by and by, however many there are.
SET LOCAL search_path = campaignhub;

-- Cancelled, and something of it has yet to be given up, or may still come back from the wire.
ALTER TABLE campaigns ADD COLUMN cancelling boolean NOT NULL DEFAULT false;
CREATE INDEX campaigns_cancelling ON campaigns (tenant_id, campaign_id) WHERE cancelling;

CREATE FUNCTION campaigns_to_give_up()
    RETURNS TABLE (tenant_id uuid, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT c.tenant_id, c.campaign_id FROM campaigns c WHERE c.cancelling $$;
ALTER FUNCTION campaigns_to_give_up OWNER TO campaignhub_lookup;
