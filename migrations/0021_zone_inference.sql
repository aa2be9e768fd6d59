-- Audience: how sure a zone is that was learned from a person's own opens and clicks. That of every other source follows
-- from the source (Core's ZoneConfidence), so it is kept by the source's name.
SET LOCAL search_path = campaignhub;

ALTER TABLE recipients
    ADD COLUMN time_zone_confidence real
        CHECK (time_zone_confidence IS NULL OR time_zone_source = 'activity' AND time_zone_confidence BETWEEN 0 AND 1);
