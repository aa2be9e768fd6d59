using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CampaignHub.Benchmarks;

/// <summary>Counts segments of many people, beside a plain count of the same table in the same run.</summary>
internal static class SegmentBenchmark
{
    private static readonly (string Name, string Filter)[] s_filters =
    [
        ("an attribute is", """{ "field": "attributes.plan", "op": "eq", "value": "gold" }"""),
        ("an attribute is more", """{ "field": "attributes.orders", "op": "gt", "value": 90 }"""),
        ("a text is in it", """{ "field": "email", "op": "contains", "value": "77" }"""),
        ("country and attribute", """{ "all": [ { "field": "country", "op": "eq", "value": "BR" }, { "field": "attributes.orders", "op": "lt", "value": 10 } ] }"""),
        ("opened a campaign", """{ "field": "events.opened", "op": "eq", "value": "00000000-0000-7000-8000-000000000000" }"""),
        ("clicked in 30 days", """{ "field": "events.clicked", "op": "within_days", "value": 30 }"""),
        ("nothing in 90 days", """{ "none": [ { "field": "events.opened", "op": "within_days", "value": 90 } ] }"""),
    ];

    public static async Task<int> RunAsync(int people)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var tenantId = await service.NewTenantAsync();
        await SeedAsync(service.Database, tenantId, people);

        var plain = await BestAsync(() => service.Database.ExecuteAsync("SELECT count(*) FROM campaignhub.recipients WHERE tenant_id = $1", tenantId));
        Console.WriteLine($"{people:N0} people, {2L * people:N0} deliveries, {Environment.ProcessorCount} processors");
        Console.WriteLine($"{"plain count(*)",-22} {plain.TotalMilliseconds,8:N0} ms");
        foreach (var (name, filter) in s_filters)
        {
            JsonNode? answer = null;
            var took = await BestAsync(async () =>
            {
                using var call = await service.Http.PostAsJsonAsync("/v1/segments/preview", new JsonObject { ["filter"] = JsonNode.Parse(filter) });
                answer = JsonNode.Parse(await call.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
            });
            Console.WriteLine($"{name,-22} {took.TotalMilliseconds,8:N0} ms = {took / plain,5:0.0} of it, {answer!["recipients"]!.GetValue<long>(),9:N0} people with a sample (aim below 2,000 ms)");
        }
        return 0;
    }

    /// <summary>Each got two campaigns; every third delivery was opened, every ninth clicked, over the last 200 days.</summary>
    private static async Task SeedAsync(Database database, Guid tenantId, int people)
    {
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, country, attributes,
                time_zone_source, consent_status, created_at, updated_at)
            SELECT $1, campaignhub.uuid_of_run((SELECT campaignhub.uuid_v7(now())::text), i), 'p' || i || '@shop.example', 'p' || i || '@shop.example', 'shop.example', decode(md5(i::text), 'hex'),
                   (ARRAY['DE', 'BR', 'JP', 'US'])[1 + i % 4], jsonb_build_object('orders', i % 100, 'plan', (ARRAY['gold', 'free', 'trial'])[1 + i % 3]),
                   'fallback', 'granted', now(), now()
            FROM generate_series(1, $2) AS i
            """, tenantId, people);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, mail_domain, time_zone_source, zone_number,
                state, sent_at, updated_at)
            SELECT tenant_id, campaignhub.uuid_of_run((SELECT campaignhub.uuid_v7(now())::text), row_number() OVER ()), ('00000000-0000-7000-8000-00000000000' || c)::uuid, recipient_id, address_hash, mail_domain,
                   'fallback', 0, 'accepted', now() - make_interval(days => 200 * c), now()
            FROM campaignhub.recipients, generate_series(0, 1) AS c WHERE tenant_id = $1
            """, tenantId);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.first_hits (tenant_id, campaign_id, delivery_id, measure, class, first_at)
            SELECT d.tenant_id, d.campaign_id, d.delivery_id, m.measure, 'human', now() - make_interval(days => get_byte(d.address_hash, 0) % 200)
            FROM campaignhub.deliveries d, (VALUES ('open', 3), ('click', 9)) AS m (measure, every)
            WHERE d.tenant_id = $1 AND get_byte(d.address_hash, 1) % m.every = 0
            """, tenantId);
        await database.ExecuteAsync("VACUUM ANALYZE");
    }

    private static async Task<TimeSpan> BestAsync(Func<Task> act)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var watch = Stopwatch.StartNew();
            await act();
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }
        return best;
    }
}
