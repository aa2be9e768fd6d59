-- Ids of a plan: all are its first with a counter set, so that the moment is spelled and the random part drawn once a plan and
-- not once a person, which took a tenth of the time that planning does.
SET LOCAL search_path = campaignhub;

-- The nth id (0 to 67,108,863) of a run that begins with this UUIDv7: the counter fills the two fields after the moment (RFC 9562
-- section 6.2, method 1: 26 bits), so that rows made together lie together in the table and in its indexes, and a zone is
-- claimed in the order in which it lies. Two runs of one millisecond differ in the 48 random bits.
CREATE FUNCTION uuid_of_run(first text, n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN overlay(first PLACING to_hex(x'7000'::int | ((n >> 14) & 4095)) || '-' || to_hex(x'8000'::int | (n & 16383)) FROM 15 FOR 9)::uuid;

DROP FUNCTION uuid_v7(timestamptz, bigint);
