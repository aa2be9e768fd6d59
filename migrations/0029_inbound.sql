-- Inbound: what came back by mail, and how often people complained.
SET LOCAL search_path = campaignhub;

-- One row for each report, once however often its mail comes.
CREATE TABLE inbound_reports (
    tenant_id uuid NOT NULL REFERENCES tenants,
    report_id uuid NOT NULL,
    received_at timestamptz NOT NULL,      -- business time
    digest bytea NOT NULL,                 -- of the delivery, the mail's own id and what it says: the same again is the same report
    delivery_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    recipient_id uuid NOT NULL,            -- no foreign key: a report outlives its person, without their address
    class text NOT NULL CHECK (class IN ('hard', 'soft', 'policy', 'full', 'auto_reply', 'complaint', 'reply', 'other')),
    rule text NOT NULL,
    is_final boolean NOT NULL,             -- false: more attempts follow
    code text,                             -- enhanced status code
    diagnostic text,
    PRIMARY KEY (tenant_id, report_id),
    UNIQUE (tenant_id, digest)
);
CREATE INDEX inbound_reports_by_delivery ON inbound_reports (tenant_id, delivery_id, report_id);
-- How many of a person's deliveries came back lately.
CREATE INDEX inbound_reports_soft ON inbound_reports (tenant_id, recipient_id, received_at) WHERE class IN ('soft', 'full') AND is_final;
SELECT guard_tenant_table('inbound_reports');

-- Complaints about a campaign at a mail domain.
CREATE TABLE complaint_counts (
    tenant_id uuid NOT NULL REFERENCES tenants,
    campaign_id uuid NOT NULL,
    mail_domain text NOT NULL,
    complaints bigint NOT NULL,
    accepted bigint NOT NULL DEFAULT 0,    -- as last counted: it only grows, so a rate of it is never too low
    alarmed_at timestamptz,
    paused_at timestamptz,
    PRIMARY KEY (tenant_id, campaign_id, mail_domain)
);
SELECT guard_tenant_table('complaint_counts');

-- Whose a return path may be: the MAC in it says whose it is.
CREATE INDEX domains_of_bounces ON domains (name) WHERE kind = 'bounce';
CREATE FUNCTION tenants_of_bounce_domain(wanted text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT tenant_id FROM domains WHERE kind = 'bounce' AND name = wanted $$;
ALTER FUNCTION tenants_of_bounce_domain OWNER TO campaignhub_lookup;
