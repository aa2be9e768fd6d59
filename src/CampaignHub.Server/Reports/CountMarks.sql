-- How many first hits a campaign's deliveries have by their marks, in all views together, and how many of their links.
WITH viewed AS (
    SELECT f.delivery_id, f.measure, v.view, f.links
    FROM first_hits f JOIN unnest(@viewsOfClasses, @classes) AS v (view, class) ON v.class = f.class
    WHERE f.tenant_id = @TenantId AND f.campaign_id = @campaignId
)
SELECT (SELECT count(*) FROM (SELECT FROM viewed GROUP BY delivery_id, measure, view) AS firsts),
       (SELECT count(*) FROM (SELECT DISTINCT delivery_id, view, unnest(links) AS link_index FROM viewed) AS followed)
