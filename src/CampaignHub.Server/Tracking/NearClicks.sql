-- Clicks of which it is known where they came from, and those near them in time, from the same network and of the same mail domain. Clicks that
-- follow each other closely are looked at together. Before them and after them some hundreds are enough: where there are more within seconds, a
-- burst shows in the nearest.
WITH own AS MATERIALIZED (
    SELECT n.network, n.mail_domain, n.received_at,
        n.received_at - lag(n.received_at) OVER (PARTITION BY n.network, n.mail_domain ORDER BY n.received_at) > make_interval(secs => @window) AS is_apart
    FROM unnest(@ids) AS c (hit_id)
    CROSS JOIN LATERAL (
        SELECT * FROM hit_networks WHERE tenant_id = @TenantId AND hit_id = c.hit_id AND mail_domain IS NOT NULL LIMIT 1) AS n
),
spans AS MATERIALIZED (
    SELECT network, mail_domain, min(received_at) AS first, max(received_at) AS last
    FROM (SELECT *, count(*) FILTER (WHERE is_apart) OVER (PARTITION BY network, mail_domain ORDER BY received_at) AS span FROM own) AS numbered
    GROUP BY network, mail_domain, span
)
SELECT DISTINCT n.network, n.mail_domain, n.received_at, n.hit_id, n.delivery_id
FROM spans s
CROSS JOIN LATERAL (
    (SELECT * FROM hit_networks h
     WHERE h.tenant_id = @TenantId AND h.network = s.network AND h.mail_domain = s.mail_domain
       AND h.received_at >= s.first - make_interval(secs => @window) AND h.received_at < s.first
     ORDER BY h.received_at DESC LIMIT 500)
    UNION ALL
    (SELECT * FROM hit_networks h
     WHERE h.tenant_id = @TenantId AND h.network = s.network AND h.mail_domain = s.mail_domain AND h.received_at BETWEEN s.first AND s.last
     ORDER BY h.received_at LIMIT 20000)
    UNION ALL
    (SELECT * FROM hit_networks h
     WHERE h.tenant_id = @TenantId AND h.network = s.network AND h.mail_domain = s.mail_domain
       AND h.received_at > s.last AND h.received_at <= s.last + make_interval(secs => @window)
     ORDER BY h.received_at LIMIT 500)) AS n
ORDER BY n.received_at, n.hit_id
