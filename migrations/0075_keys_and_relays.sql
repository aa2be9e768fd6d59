-- Which keys of the ring nodes have started with: a ring that has lost one of them is told from one that is whole.
SET LOCAL search_path = campaignhub;

ALTER TABLE installation ADD COLUMN ring_keys text[] NOT NULL DEFAULT '{}';

-- Of which relay an event tells.
ALTER TABLE events ADD COLUMN relay_id uuid;
