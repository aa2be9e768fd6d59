-- What was deferred after its campaign had been cancelled stayed so for good, before cancelling went on by itself (0066): it is looked for
-- once in each campaign that was cancelled.
SET LOCAL search_path = campaignhub;

-- The owner of the tables may be bound by their policies too, and would change nothing.
ALTER TABLE campaigns NO FORCE ROW LEVEL SECURITY;
UPDATE campaigns SET cancelling = true WHERE status = 'cancelled';
ALTER TABLE campaigns FORCE ROW LEVEL SECURITY;
