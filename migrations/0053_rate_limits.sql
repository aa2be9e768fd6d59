-- What nodes have taken of limited allowances, by keyed hash of whom they limit. Unlogged: after a crash it is counted anew.
SET LOCAL search_path = campaignhub;

CREATE UNLOGGED TABLE rate_windows (
    subject bytea NOT NULL,
    ends_at timestamptz NOT NULL,
    taken int NOT NULL,
    PRIMARY KEY (subject, ends_at)
);
CREATE INDEX rate_windows_by_age ON rate_windows (ends_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_windows TO campaignhub_service;
