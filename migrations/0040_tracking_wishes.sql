-- Who doesn't want to be tracked: a person's wish, and what a browser says (DNT, GPC). Their hits are counted without them.
SET LOCAL search_path = campaignhub;

ALTER TABLE recipients ADD COLUMN tracking boolean NOT NULL DEFAULT true;

-- An anonymous hit loses its delivery, the header and a URL that was made for one person once it is judged: a burst is still seen.
ALTER TABLE hits ADD COLUMN anonymous boolean NOT NULL DEFAULT false;
ALTER TABLE hits ALTER COLUMN delivery_id DROP NOT NULL;
ALTER TABLE hits ADD CONSTRAINT hits_of_somebody CHECK (delivery_id IS NOT NULL OR anonymous AND class IS NOT NULL);
