-- Tracking domains are verified by what answers behind them, which needs a certificate first.
SET LOCAL search_path = campaignhub;

-- Whether any active tenant has the tracking domain: asked by the operator's TLS front, which knows no tenant.
CREATE FUNCTION is_tracking_domain(asked text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM domains d JOIN tenants t USING (tenant_id)
            WHERE d.name = asked AND d.kind = 'tracking' AND t.status = 'active')
    $$;
ALTER FUNCTION is_tracking_domain OWNER TO campaignhub_lookup;
CREATE INDEX domains_of_tracking ON domains (name) WHERE kind = 'tracking';
