-- A link that no person can see, in the mail of campaigns that want it. Clicks on it are hits of the link -1, which no campaign has.
SET LOCAL search_path = campaignhub;

ALTER TABLE campaigns ADD COLUMN track_honeypot boolean NOT NULL DEFAULT false;
