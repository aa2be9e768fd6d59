-- Inbound: mailboxes whose servers ask for TLS on the port of clear text.
SET LOCAL search_path = campaignhub;

ALTER TABLE bounce_mailboxes DROP CONSTRAINT bounce_mailboxes_tls_check, ADD CHECK (tls IN ('none', 'starttls', 'implicit'));
