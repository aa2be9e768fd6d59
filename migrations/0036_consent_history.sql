-- What a person's consent was before it became what it is: append-only, and kept by the table itself, so that no writer (one
-- request, an import of a million rows, an unsubscription) can leave it out. What it is now stands with the person.
SET LOCAL search_path = campaignhub;

-- What a consent rests on, such as delivery:<id> or import:<id>: a writer names it for its transaction.
ALTER TABLE recipients ADD COLUMN consent_evidence text DEFAULT nullif(current_setting('campaignhub.evidence', true), '');

CREATE TABLE consent_history (
    tenant_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    entry bigint GENERATED ALWAYS AS IDENTITY,
    status text NOT NULL CHECK (status IN ('granted', 'pending', 'withdrawn', 'unknown')),
    source text,
    at timestamptz,                        -- when it was said; null where nobody knows
    evidence text,
    replaced_at timestamptz NOT NULL,      -- when something else was taken instead
    PRIMARY KEY (tenant_id, recipient_id, entry),
    FOREIGN KEY (tenant_id, recipient_id) REFERENCES recipients ON DELETE CASCADE
);
SELECT guard_tenant_table('consent_history');

CREATE FUNCTION keep_consent() RETURNS trigger LANGUAGE plpgsql SET search_path = campaignhub, pg_temp AS $$
BEGIN
    INSERT INTO consent_history (tenant_id, recipient_id, status, source, at, evidence, replaced_at)
    VALUES (OLD.tenant_id, OLD.recipient_id, OLD.consent_status, OLD.consent_source, OLD.consent_at, OLD.consent_evidence, NEW.updated_at);
    NEW.consent_evidence := nullif(current_setting('campaignhub.evidence', true), '');
    RETURN NEW;
END $$;

CREATE TRIGGER keep_consent BEFORE UPDATE ON recipients FOR EACH ROW
    WHEN ((OLD.consent_status, OLD.consent_source, OLD.consent_at) IS DISTINCT FROM (NEW.consent_status, NEW.consent_source, NEW.consent_at))
    EXECUTE FUNCTION keep_consent();
