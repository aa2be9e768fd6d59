-- Whether a hit came from a network of a data centre: the address itself isn't kept.
SET LOCAL search_path = campaignhub;

ALTER TABLE hits ADD COLUMN from_data_centre boolean NOT NULL DEFAULT false;
