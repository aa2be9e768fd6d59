using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tests.Reports.Reclassifying;

/// <summary>Hits with their events as rules of another day have judged them: at random. Seconds apart, of many agents, so that each stands for itself.</summary>
internal sealed class OldHits(Seed seed, Database database)
{
    public static readonly string[] Classes = ["human", "machine", "privacy_proxy", "suspected"];

    private static readonly string[] Agents =
    [
        Browser.Chrome, Browser.AppleProxy, Browser.GmailProxy, "curl/8.5.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    ];

    public async Task LayAsync(int hits)
    {
        await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync("UPDATE deliveries SET sent_at = '2026-11-20T09:00:00Z', updated_at = '2026-11-20T09:00:01Z' WHERE tenant_id = @TenantId AND campaign_id = @CampaignId", new { transaction.TenantId, seed.CampaignId });
        await transaction.ExecuteAsync("""
            WITH laid AS (
                INSERT INTO hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, link_index, method, user_agent, x_moz, class, reason, rule_set)
                SELECT @TenantId, gen_random_uuid(), timestamptz '2026-11-21T00:00:00Z' + (n * 7919 % 99991) * interval '10 seconds',
                    CASE WHEN n % 3 = 0 THEN 'open' ELSE 'click' END, @CampaignId, (@Deliveries)[1 + n * 31 % cardinality(@Deliveries)],
                    CASE WHEN n % 3 = 0 THEN NULL ELSE n % @links END, CASE WHEN n % 49 = 0 THEN 'HEAD' ELSE 'GET' END,
                    (@Agents)[1 + n % 5], false, (@Classes)[1 + floor(random() * 4)::int], 'once', 0
                FROM generate_series(1, @hits) AS n
                RETURNING *
            )
            INSERT INTO events (tenant_id, event_id, received_at, type, at, campaign_id, delivery_id, class, reason, link_index)
            SELECT tenant_id, gen_random_uuid(), received_at, CASE kind WHEN 'open' THEN 'delivery.opened' ELSE 'delivery.clicked' END, received_at,
                campaign_id, delivery_id, class, reason, link_index
            FROM laid WHERE method <> 'HEAD'
            """, new { transaction.TenantId, seed.CampaignId, seed.Deliveries, Agents, Classes, hits, links = seed.Links.Count });
        await transaction.CommitAsync();
    }

    /// <summary>Every hit is what the rules of today say of it, and its event says the same.</summary>
    public async Task ShouldBeJudgedByTodaysRulesAsync()
    {
        await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
        var kept = await transaction.QueryAsync<(string Kind, string Method, string Agent, string Class, string Reason, int RuleSet, string? EventClass, string? EventReason)>("""
            SELECT DISTINCT h.kind, h.method, h.user_agent, h.class, h.reason, h.rule_set, e.class, e.reason
            FROM hits h LEFT JOIN events e ON e.tenant_id = h.tenant_id AND e.delivery_id = h.delivery_id AND e.received_at = h.received_at
                AND e.link_index IS NOT DISTINCT FROM h.link_index AND h.method <> 'HEAD'
            WHERE h.tenant_id = @TenantId
            """, new { transaction.TenantId });
        kept.ShouldNotBeEmpty();
        foreach (var hit in kept)
        {
            var isOpen = hit.Kind == "open";
            var verdict = HitRules.Classify(new Hit(isOpen ? HitKind.Open : HitKind.Click, hit.Method, hit.Agent, Instant.FromUnixTimeSeconds(0), isOpen ? null : 0));
            (hit.Class, hit.Reason, hit.RuleSet).ShouldBe((verdict.Class.Word(), verdict.Reason, HitRules.Version), $"{hit.Kind} {hit.Agent}");
            if (hit.Method != "HEAD")
                (hit.EventClass, hit.EventReason).ShouldBe((verdict.Class.Word(), verdict.Reason));
        }
    }

    /// <summary>All roll-ups of the campaign and its marks, in words.</summary>
    public static async Task<IReadOnlyList<string>> CountedAsync(Seed seed, Database database)
    {
        await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QueryAsync<string>("""
            SELECT concat_ws(' ', r.campaign_id, r.dimension, r.key, c.key, c.value)
            FROM rollups r CROSS JOIN jsonb_each_text(to_jsonb(r) - ARRAY['tenant_id', 'campaign_id', 'dimension', 'key']) AS c
            WHERE r.tenant_id = @TenantId AND c.value <> '0'
            UNION ALL
            SELECT concat_ws(' ', array_position(@Deliveries, delivery_id), measure, class, first_at, device, client, links) FROM first_hits WHERE tenant_id = @TenantId
            ORDER BY 1
            """, new { transaction.TenantId, seed.Deliveries });
    }
}
