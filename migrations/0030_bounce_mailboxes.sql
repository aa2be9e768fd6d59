-- Mailboxes that mail comes back to, read over IMAP or POP3.
SET LOCAL search_path = campaignhub;

CREATE TABLE bounce_mailboxes (
    tenant_id uuid NOT NULL REFERENCES tenants,
    mailbox_id uuid NOT NULL,
    name text NOT NULL,
    protocol text NOT NULL CHECK (protocol IN ('imap', 'pop3')),
    host text NOT NULL,
    port int NOT NULL,
    tls text NOT NULL CHECK (tls IN ('none', 'implicit')),
    username text NOT NULL,
    password_encrypted bytea NOT NULL,
    folder text NOT NULL,
    when_handled text NOT NULL CHECK (when_handled IN ('keep', 'move', 'delete')),
    move_to text,
    root_certificates text,              -- PEM; null: the system's
    enabled boolean NOT NULL,
    handled bigint NOT NULL DEFAULT 0,
    unmatched bigint NOT NULL DEFAULT 0,
    read_at timestamptz,                 -- business time
    problem text,                        -- in words, for its owner; null: it was read the last time
    failures int NOT NULL DEFAULT 0,     -- in a row
    next_look_at timestamptz NOT NULL DEFAULT '-infinity', -- real time: a node that reads it has it until then
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, mailbox_id),
    CHECK ((move_to IS NOT NULL) = (when_handled = 'move'))
);
CREATE INDEX bounce_mailboxes_due ON bounce_mailboxes (next_look_at) WHERE enabled;
SELECT guard_tenant_table('bounce_mailboxes');
SELECT let_lookups_read('bounce_mailboxes');

-- Messages that were read, for as long as they lie there.
CREATE TABLE bounce_mailbox_messages (
    tenant_id uuid NOT NULL,
    mailbox_id uuid NOT NULL,
    uid text NOT NULL,                   -- the server's own id of it
    is_done boolean NOT NULL,            -- it may be moved or deleted; false: it is none of ours, or a person's, and stays
    PRIMARY KEY (tenant_id, mailbox_id, uid),
    FOREIGN KEY (tenant_id, mailbox_id) REFERENCES bounce_mailboxes ON DELETE CASCADE
);
SELECT guard_tenant_table('bounce_mailbox_messages');

CREATE FUNCTION due_bounce_mailboxes() RETURNS TABLE (tenant_id uuid, mailbox_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT m.tenant_id, m.mailbox_id FROM bounce_mailboxes m JOIN tenants t USING (tenant_id)
        WHERE m.enabled AND m.next_look_at <= clock_timestamp() AND t.status = 'active' ORDER BY m.next_look_at LIMIT 100
    $$;
ALTER FUNCTION due_bounce_mailboxes OWNER TO campaignhub_lookup;
