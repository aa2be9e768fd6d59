-- What people choose for themselves, from the page behind each mail's unsubscribe link.
SET LOCAL search_path = campaignhub;

-- Lists that anybody who is mailed may join; from any other they can only take themselves off.
ALTER TABLE lists ADD COLUMN public boolean NOT NULL DEFAULT false;

-- How often somebody wants to be mailed at most; null: as often as there is mail.
ALTER TABLE recipients ADD COLUMN max_frequency text CHECK (max_frequency IN ('daily', 'weekly'));
