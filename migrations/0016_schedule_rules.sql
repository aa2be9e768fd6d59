-- What a plan needs for allowed days, holidays, a window, and to say what has passed.

-- Dates on which a tenant sends nothing to people of a country, where a campaign names its allowed days.
CREATE TABLE holidays (
    tenant_id uuid NOT NULL REFERENCES tenants,
    country char(2) NOT NULL,
    date date NOT NULL,
    PRIMARY KEY (tenant_id, country, date)
);
SELECT guard_tenant_table('holidays');

-- A row of a plan is a zone; where holidays count, a zone and a country; with a window, a slot of it.
ALTER TABLE plan_zones
    ADD COLUMN holiday_country char(2),
    ADD COLUMN slot int NOT NULL DEFAULT 0,
    ADD COLUMN passed text CHECK (passed IN ('at_once', 'next_day', 'missed'));

-- Which slot of a window somebody is in: spread evenly, and the same in every campaign, since it depends on the address alone.
CREATE FUNCTION window_slot(address_hash bytea, slots int) RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN slots = 1 THEN 0
        ELSE (get_byte(address_hash, 0) * 65536 + get_byte(address_hash, 1) * 256 + get_byte(address_hash, 2)) * slots / 16777216 END;
