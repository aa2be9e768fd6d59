-- Campaigns: content, audience and schedule.
SET LOCAL search_path = campaignhub;

CREATE TABLE templates (
    tenant_id uuid NOT NULL REFERENCES tenants,
    template_id uuid NOT NULL,
    name text NOT NULL,
    subject text,
    html text NOT NULL,
    text text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, template_id)
);
SELECT guard_tenant_table('templates');

CREATE TABLE campaigns (
    tenant_id uuid NOT NULL REFERENCES tenants,
    campaign_id uuid NOT NULL,
    name text NOT NULL,
    subject text,
    from_name text,
    from_email text,
    reply_to text,
    html text,
    text text,
    template_id uuid,
    audience jsonb NOT NULL,
    schedule jsonb,
    track_opens boolean NOT NULL DEFAULT true,
    track_clicks boolean NOT NULL DEFAULT true,
    when_uncertain text NOT NULL DEFAULT 'resend' CHECK (when_uncertain IN ('resend', 'hold')),
    status text NOT NULL DEFAULT 'draft'
        CHECK (status IN ('draft', 'planned', 'scheduled', 'sending', 'paused', 'finished', 'cancelled')),
    -- What is sent: the content (a template's included) as it stood at launch; null before.
    launched_content jsonb,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    planned_at timestamptz,
    launched_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, campaign_id),
    FOREIGN KEY (tenant_id, template_id) REFERENCES templates
);
CREATE INDEX campaigns_in_flight ON campaigns (tenant_id, status) WHERE status IN ('scheduled', 'sending', 'paused');
SELECT guard_tenant_table('campaigns');
SELECT let_lookups_read('campaigns');
