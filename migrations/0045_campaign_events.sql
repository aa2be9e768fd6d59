-- Events of campaigns and imports, beside those of deliveries.
SET LOCAL search_path = campaignhub;

ALTER TABLE events ADD COLUMN import_id uuid;
