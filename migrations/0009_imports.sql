-- Imports of a million rows: foreign keys that were looked up for each of them, and are held once a batch anyway.
SET LOCAL search_path = campaignhub;

-- Tenants are never deleted, and row-level security lets nobody write for another tenant than the transaction's own,
-- which authentication has found in this table.
ALTER TABLE recipients DROP CONSTRAINT recipients_tenant_id_fkey;

-- Whoever puts somebody on a list holds both for the transaction: the list by FOR KEY SHARE, the person by having
-- written or locked them (ListStore, MergeBatch.sql). Nobody can delete either meanwhile. Who deletes one has waited for
-- those, and takes the places on lists away below, as the keys' ON DELETE CASCADE did: erasure leaves nothing behind.
ALTER TABLE list_recipients
    DROP CONSTRAINT list_recipients_tenant_id_list_id_fkey,
    DROP CONSTRAINT list_recipients_tenant_id_recipient_id_fkey;

CREATE FUNCTION take_deleted_off_lists() RETURNS trigger
    LANGUAGE plpgsql SET search_path = campaignhub, pg_temp AS $$
BEGIN
    DELETE FROM list_recipients AS m USING deleted AS d WHERE m.tenant_id = d.tenant_id AND m.recipient_id = d.recipient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER take_off_lists AFTER DELETE ON recipients
    REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION take_deleted_off_lists();

CREATE FUNCTION empty_deleted_lists() RETURNS trigger
    LANGUAGE plpgsql SET search_path = campaignhub, pg_temp AS $$
BEGIN
    DELETE FROM list_recipients AS m USING deleted AS d WHERE m.tenant_id = d.tenant_id AND m.list_id = d.list_id;
    RETURN NULL;
END $$;
CREATE TRIGGER empty_list AFTER DELETE ON lists
    REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION empty_deleted_lists();
