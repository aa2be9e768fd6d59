-- What is held of a person is found by them, to be shown to them and to be erased with them.
SET LOCAL search_path = campaignhub;

-- What shops posted: by the shop's own number of them, which stands first, and by the hash of their address, which stands after it or alone.
CREATE INDEX storefront_messages_by_first_key ON storefront_messages (tenant_id, storefront_id, (person_keys[1])) WHERE payload IS NOT NULL;
CREATE INDEX storefront_messages_by_second_key ON storefront_messages (tenant_id, storefront_id, (person_keys[2]))
    WHERE payload IS NOT NULL AND person_keys[2] IS NOT NULL;

-- What happened to themselves and not to a delivery.
CREATE INDEX events_by_person ON events (tenant_id, recipient_id) WHERE delivery_id IS NULL AND recipient_id IS NOT NULL;
