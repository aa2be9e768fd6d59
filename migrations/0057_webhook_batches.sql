-- How many events one call of a webhook may carry.
SET LOCAL search_path = campaignhub;

ALTER TABLE webhooks ADD COLUMN max_batch int NOT NULL DEFAULT 1 CHECK (max_batch BETWEEN 1 AND 100);
