-- Subscribe forms with double opt-in: what is asked for waits here, and nobody is a recipient before they confirm.
SET LOCAL search_path = campaignhub;

CREATE TABLE forms (
    tenant_id uuid NOT NULL REFERENCES tenants,
    form_id uuid NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    wording text NOT NULL,                   -- what people agree to: kept with each consent
    list_ids uuid[] NOT NULL,
    fields text[] NOT NULL,
    from_name text,
    from_email text NOT NULL,
    reply_to text,
    confirm_within_hours int NOT NULL,
    remind_after_hours int,                  -- null: never
    redirect_url text,
    enabled boolean NOT NULL,
    asked bigint NOT NULL DEFAULT 0,
    confirmed bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, form_id)
);
CREATE INDEX forms_by_id ON forms (form_id);
SELECT guard_tenant_table('forms');
SELECT let_lookups_read('forms');

CREATE TABLE form_confirmations (
    tenant_id uuid NOT NULL,
    confirmation_id uuid NOT NULL,
    form_id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    first_name text,
    last_name text,
    language text NOT NULL,
    wording text NOT NULL,                   -- as it was shown
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    next_mail_at timestamptz,                -- business time; null: no mail is due any more
    leased_until timestamptz,                -- real time: somebody is sending it
    attempts int NOT NULL DEFAULT 0,         -- of the mail that is due
    mails int NOT NULL DEFAULT 0,            -- that a relay took
    last_reply text,
    confirmed_at timestamptz,
    PRIMARY KEY (tenant_id, confirmation_id),
    FOREIGN KEY (tenant_id, form_id) REFERENCES forms ON DELETE CASCADE
);
-- Whoever asks again before they have confirmed gets the same link.
CREATE UNIQUE INDEX form_confirmations_open ON form_confirmations (tenant_id, form_id, email_key) WHERE confirmed_at IS NULL;
CREATE INDEX form_confirmations_due ON form_confirmations (tenant_id, next_mail_at) WHERE next_mail_at IS NOT NULL;
CREATE INDEX form_confirmations_by_email ON form_confirmations (tenant_id, email_key);
CREATE INDEX form_confirmations_by_age ON form_confirmations (tenant_id, expires_at);
SELECT guard_tenant_table('form_confirmations');
SELECT let_lookups_read('form_confirmations');

-- When mail was asked for: by keyed hash of an address or a network, over all tenants, so that nobody can have strangers mailed by many forms.
CREATE TABLE form_turns (
    subject bytea PRIMARY KEY,
    taken_at timestamptz[] NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON form_turns TO campaignhub_service;

CREATE FUNCTION find_form(wanted uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT f.tenant_id FROM forms f JOIN tenants t USING (tenant_id) WHERE f.form_id = wanted AND f.enabled AND t.status = 'active' $$;
ALTER FUNCTION find_form OWNER TO campaignhub_lookup;

CREATE FUNCTION tenants_with_confirmations_due(business_now timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT t.tenant_id FROM tenants t
        WHERE t.status = 'active' AND EXISTS (
            SELECT FROM form_confirmations c
            WHERE c.tenant_id = t.tenant_id AND c.next_mail_at <= business_now AND (c.leased_until IS NULL OR c.leased_until < clock_timestamp()))
    $$;
ALTER FUNCTION tenants_with_confirmations_due OWNER TO campaignhub_lookup;

CREATE FUNCTION tenants_with_old_confirmations(before timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$ SELECT t.tenant_id FROM tenants t WHERE EXISTS (
            SELECT FROM form_confirmations c WHERE c.tenant_id = t.tenant_id AND c.expires_at < before) $$;
ALTER FUNCTION tenants_with_old_confirmations OWNER TO campaignhub_lookup;

-- The words that somebody agreed to stand with their consent, as what it rests on does.
ALTER TABLE recipients ADD COLUMN consent_wording text DEFAULT nullif(current_setting('campaignhub.wording', true), '');
ALTER TABLE consent_history ADD COLUMN wording text;

CREATE OR REPLACE FUNCTION keep_consent() RETURNS trigger LANGUAGE plpgsql SET search_path = campaignhub, pg_temp AS $$
BEGIN
    INSERT INTO consent_history (tenant_id, recipient_id, status, source, at, evidence, wording, replaced_at)
    VALUES (OLD.tenant_id, OLD.recipient_id, OLD.consent_status, OLD.consent_source, OLD.consent_at, OLD.consent_evidence, OLD.consent_wording, NEW.updated_at);
    NEW.consent_evidence := nullif(current_setting('campaignhub.evidence', true), '');
    NEW.consent_wording := nullif(current_setting('campaignhub.wording', true), '');
    RETURN NEW;
END $$;
