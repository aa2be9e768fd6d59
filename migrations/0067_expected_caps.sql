-- Scheduling: whom a plan expects to be at their frequency cap, or at what they want themselves, when their moment comes.
SET LOCAL search_path = campaignhub;

-- All null where there was neither a cap nor a wish when the plan was computed.
ALTER TABLE plans
    ADD COLUMN capped_by_cap bigint,
    ADD COLUMN capped_by_wish bigint,
    ADD COLUMN when_capped text CHECK (when_capped IN ('skip', 'next_day'));
