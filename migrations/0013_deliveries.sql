-- Looking at the ledger: deliveries that ended otherwise than accepted, and what relays answered by the hour.
SET LOCAL search_path = campaignhub;

-- A delivery that goes well is never in these: they cost the way of a message nothing.
CREATE INDEX deliveries_by_state ON deliveries (tenant_id, state, delivery_id)
    WHERE state IN ('deferred', 'rejected', 'uncertain', 'suppressed', 'missed', 'cancelled', 'expired', 'held');
CREATE INDEX deliveries_by_campaign_and_state ON deliveries (tenant_id, campaign_id, state, address_hash)
    WHERE state IN ('deferred', 'rejected', 'uncertain', 'suppressed', 'missed', 'cancelled', 'expired', 'held');

-- Attempts by their end, folded from the event log with the reports' roll-ups. `latency` counts those of the accepted that
-- took long. Samples are deliveries and not replies: a reply may name a person, and goes with its delivery.
CREATE TABLE delivery_hours (
    tenant_id uuid NOT NULL,
    relay_id uuid NOT NULL,
    mail_domain text NOT NULL,
    hour timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'rejected', 'deferred', 'latency')),
    messages bigint NOT NULL,
    samples uuid[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, hour, relay_id, mail_domain, outcome)
);
SELECT guard_tenant_table('delivery_hours');
