-- The country that somebody's address is in: looked up while their request is answered; the address isn't kept.
SET LOCAL search_path = campaignhub;

ALTER TABLE hits ADD COLUMN ip_country text;
ALTER TABLE events ADD COLUMN ip_country text;

-- Of a consent that people state themselves, on a page of ours.
ALTER TABLE recipients ADD COLUMN consent_ip_country text DEFAULT nullif(current_setting('campaignhub.ip_country', true), '');
ALTER TABLE consent_history ADD COLUMN ip_country text;

CREATE OR REPLACE FUNCTION keep_consent() RETURNS trigger LANGUAGE plpgsql SET search_path = campaignhub, pg_temp AS $$
BEGIN
    INSERT INTO consent_history (tenant_id, recipient_id, status, source, at, evidence, wording, ip_country, replaced_at)
    VALUES (OLD.tenant_id, OLD.recipient_id, OLD.consent_status, OLD.consent_source, OLD.consent_at, OLD.consent_evidence, OLD.consent_wording,
        OLD.consent_ip_country, NEW.updated_at);
    NEW.consent_evidence := nullif(current_setting('campaignhub.evidence', true), '');
    NEW.consent_wording := nullif(current_setting('campaignhub.wording', true), '');
    NEW.consent_ip_country := nullif(current_setting('campaignhub.ip_country', true), '');
    RETURN NEW;
END $$;
