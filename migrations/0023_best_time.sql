-- The learned hour: when each person reads, and what a plan made of it. And what is done with guessed zones, and with people who
-- join after launch.
SET LOCAL search_path = campaignhub;

-- A person's newest readings (Core's Reading.Code), ascending, 40 at most: under 200 bytes. Everything of a person goes with them.
CREATE TABLE reading_habits (
    tenant_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    readings int[] NOT NULL CHECK (cardinality(readings) BETWEEN 1 AND 40),
    PRIMARY KEY (tenant_id, recipient_id),
    FOREIGN KEY (tenant_id, recipient_id) REFERENCES recipients ON DELETE CASCADE
);
SELECT guard_tenant_table('reading_habits');

CREATE TABLE reading_cursors (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    folded_through bigint NOT NULL
);
SELECT guard_tenant_table('reading_cursors');
SELECT let_lookups_read('reading_cursors');

-- Tenants whose log has moved on since readings were last learned from it.
CREATE FUNCTION tenants_to_learn_from() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaignhub, pg_temp
    AS $$
        SELECT s.tenant_id FROM event_sequences s LEFT JOIN reading_cursors c USING (tenant_id)
        WHERE s.last_sequence > coalesce(c.folded_through, 0)
    $$;
ALTER FUNCTION tenants_to_learn_from OWNER TO campaignhub_lookup;

-- A row of a plan is also an hour, and how it was found; and a country whose zones all count, where theirs is guessed.
ALTER TABLE plan_zones
    ADD COLUMN hour smallint CHECK (hour BETWEEN 0 AND 23),
    ADD COLUMN arm text CHECK (arm IN ('holdout', 'learned', 'explored')),
    ADD COLUMN unsure_country char(2);

-- What a chosen hour rests on (Core's HourGrounds.Code).
ALTER TABLE deliveries ADD COLUMN hour_grounds int;

ALTER TABLE plans ADD COLUMN excluded_unsure_zone bigint NOT NULL DEFAULT 0;

-- People who joined after launch, where the audience is open until their moment has passed; and until when newcomers were looked for.
ALTER TABLE plans
    ADD COLUMN joined bigint NOT NULL DEFAULT 0,
    ADD COLUMN joined_through timestamptz;
