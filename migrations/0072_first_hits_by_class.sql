-- A mark of a first hit for each class of hit instead of one for each view that counts it: most deliveries are only ever met by hits
-- of one class, which were three marks, and three more for each link. What is first in a view is the earliest of its classes.
SET LOCAL search_path = campaignhub;

ALTER TABLE first_hits RENAME TO first_hits_by_view;
ALTER INDEX first_hits_pkey RENAME TO first_hits_by_view_pkey;

-- The first hit of a delivery for each measure (open, click) and class, and which links hits of that class have followed.
CREATE TABLE first_hits (
    tenant_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    first_at timestamptz NOT NULL,
    measure text NOT NULL CHECK (measure IN ('open', 'click')),
    class text NOT NULL CHECK (class IN ('human', 'machine', 'privacy_proxy', 'suspected')),
    device text NOT NULL DEFAULT '',
    client text NOT NULL DEFAULT '',
    links int[],  -- ascending; null: none
    PRIMARY KEY (tenant_id, campaign_id, delivery_id, measure, class)
);
SELECT guard_tenant_table('first_hits');

-- A view's mark is of the class that the next narrower view doesn't count; of machines and suspects, which the same views count, it
-- is given to machines. It is left out where the narrower view has the same one, but for links that no narrower view has: then it
-- stands for their first hit, which was no earlier.
INSERT INTO first_hits (tenant_id, campaign_id, delivery_id, first_at, measure, class, device, client, links)
WITH narrowest_first (view, place, class) AS (
    VALUES ('human', 1, 'human'), ('without_privacy_proxies', 2, 'machine'), ('all', 3, 'privacy_proxy')
),
marks AS (
    SELECT f.*, n.class, lag(f.first_at) OVER (PARTITION BY f.tenant_id, f.campaign_id, f.delivery_id, f.measure ORDER BY n.place) AS narrower_at
    FROM first_hits_by_view f JOIN narrowest_first n USING (view)
),
links AS (
    SELECT l.tenant_id, l.campaign_id, l.delivery_id, n.class, array_agg(l.link_index ORDER BY l.link_index) AS links
    FROM (
        SELECT tenant_id, campaign_id, delivery_id, link_index, min(place) AS place
        FROM first_link_hits JOIN narrowest_first USING (view) GROUP BY tenant_id, campaign_id, delivery_id, link_index) AS l
    JOIN narrowest_first n USING (place)
    GROUP BY l.tenant_id, l.campaign_id, l.delivery_id, n.class
)
SELECT m.tenant_id, m.campaign_id, m.delivery_id, m.first_at, m.measure, m.class, coalesce(m.device, ''), coalesce(m.client, ''), l.links
FROM marks m
LEFT JOIN links l ON m.measure = 'click' AND (l.tenant_id, l.campaign_id, l.delivery_id, l.class) = (m.tenant_id, m.campaign_id, m.delivery_id, m.class)
WHERE m.first_at IS DISTINCT FROM m.narrower_at OR l.links IS NOT NULL
ORDER BY m.tenant_id, m.campaign_id, m.delivery_id, m.measure, m.class;

DROP TABLE first_hits_by_view, first_link_hits;
