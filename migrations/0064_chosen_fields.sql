-- What people have chosen for themselves: imports and shops leave it as it is.
SET LOCAL search_path = campaignhub;

ALTER TABLE recipients ADD COLUMN chosen text[] NOT NULL DEFAULT '{}' CHECK (chosen <@ ARRAY['locale', 'time_zone']);
