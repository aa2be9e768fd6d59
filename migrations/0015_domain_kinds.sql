-- Domains of return paths and of tracking, return paths of a delivery's own, and roots that a relay's certificate is judged by.
SET LOCAL search_path = campaignhub;

ALTER TABLE domains DROP CONSTRAINT domains_kind_check;
ALTER TABLE domains ADD CONSTRAINT domains_kind_check CHECK (kind IN ('sending', 'bounce', 'tracking'));

ALTER TABLE relays DROP CONSTRAINT relays_envelope_sender_check;
ALTER TABLE relays ADD CONSTRAINT relays_envelope_sender_check CHECK (envelope_sender IN ('from', 'fixed', 'verp'));
ALTER TABLE relays ADD COLUMN root_certificates text;    -- PEM; null: the system's
