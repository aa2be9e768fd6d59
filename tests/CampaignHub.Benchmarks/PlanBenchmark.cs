using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignHub.Benchmarks.Sending;

namespace CampaignHub.Benchmarks;

/// <summary>Plans and launches a campaign to many people, beside a plain INSERT … SELECT of as many rows of the ledger's shape in the same run.</summary>
internal static class PlanBenchmark
{
    private const int Zones = 300;

    /// <param name="people">How many.</param>
    /// <param name="profile">Also print the statements that plan and launch spent the most time on.</param>
    public static async Task<int> RunAsync(int people, bool profile)
    {
        await using var service = await ServiceUnderTest.StartAsync(profile ? SlowStatements.Library : null);
        var tenantId = await service.NewTenantAsync();
        var listId = Guid.CreateVersion7();
        await SeedAsync(service.Database, tenantId, listId, people);
        var plain = await PlainInsertAsync(service.Database, people);

        var campaign = await DraftAsync(service.Http, listId, new { strategy = "local_time", date = "2199-11-27", time = "10:00" });
        if (profile)
            await SlowStatements.BeginAsync(service.Database);
        var watch = Stopwatch.StartNew();
        (await service.Http.PostAsync($"/v1/campaigns/{campaign}/plan", null)).EnsureSuccessStatusCode();
        var plan = await ReadyAsync(service.Http, campaign);
        var planned = watch.Elapsed;
        watch.Restart();
        (await service.Http.PostAsync($"/v1/campaigns/{campaign}/launch", null)).EnsureSuccessStatusCode();
        var launched = watch.Elapsed;
        if (profile)
            await SlowStatements.PrintAsync(service.Database);
        var moved = await MoveAsync(service, campaign);

        await LearnAsync(service.Database, tenantId);
        var best = await DraftAsync(service.Http, listId, new { strategy = "best_time", date = "2199-11-27", allowed_hours = new { from = "07:00", to = "22:00" } });
        watch.Restart();
        (await service.Http.PostAsync($"/v1/campaigns/{best}/plan", null)).EnsureSuccessStatusCode();
        var bestPlan = await ReadyAsync(service.Http, best);
        var bestPlanned = watch.Elapsed;

        Console.WriteLine($"{plan["recipients"]} people in {plan["instants"]!.AsArray().Sum(i => i!["zones"]!.AsArray().Count)} zones, {Environment.ProcessorCount} processors");
        Console.WriteLine($"plain INSERT … SELECT {plain.TotalSeconds:0.0} s");
        Console.WriteLine($"plan                  {planned.TotalSeconds:0.0} s = {plain / planned:0.00} of its pace");
        Console.WriteLine($"launch                {launched.TotalSeconds:0.0} s");
        Console.WriteLine($"re-plan of one zone   {moved.TotalSeconds:0.0} s, of {people / Zones:N0} people");
        Console.WriteLine($"plan with best_time   {bestPlanned.TotalSeconds:0.0} s = {planned / bestPlanned:0.00} of the plan's pace, {bestPlan["instants"]!.AsArray().Count} waves");
        Console.WriteLine($"peak memory           {service.PeakMemory():N0} MB");
        return 0;
    }

    private static async Task SeedAsync(Database database, Guid tenantId, Guid listId, int people)
    {
        await database.ExecuteAsync("INSERT INTO campaignhub.lists (tenant_id, list_id, name, created_at) VALUES ($1, $2, 'Everyone', now())", tenantId, listId);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.relays (tenant_id, relay_id, name, host, port, tls, weight, max_connections, max_messages_per_connection,
                envelope_sender, enabled, created_at, updated_at)
            VALUES ($1, gen_random_uuid(), 'none', '127.0.0.1', 25, 'none', 1, 1, 100, 'from', true, now(), now())
            """, tenantId);
        await database.ExecuteAsync($"""
            INSERT INTO campaignhub.recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, country,
                time_zone, time_zone_source, consent_status, created_at, updated_at)
            SELECT $1, campaignhub.uuid_v7(now()), 'p' || i || '@shop.example', 'p' || i || '@shop.example', 'shop.example',
                   decode(md5(i::text), 'hex'), 'DE', zones[1 + i % cardinality(zones)], 'given', 'granted', now(), now()
            FROM generate_series(1, $2) AS i, (SELECT array_agg(name ORDER BY name) AS zones FROM (
                SELECT name FROM pg_timezone_names WHERE name ~ '^(Africa|America|Asia|Europe|Australia|Pacific)/' ORDER BY name LIMIT {Zones}) AS z) AS known
            """, tenantId, people);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.list_recipients (tenant_id, list_id, recipient_id, added_at)
            SELECT tenant_id, $2, recipient_id, now() FROM campaignhub.recipients WHERE tenant_id = $1
            """, tenantId, listId);
        await database.ExecuteAsync("ANALYZE");
    }

    /// <summary>The same rows into a table like the ledger, with its key and its unique index, from a table like the snapshot.</summary>
    private static async Task<TimeSpan> PlainInsertAsync(Database database, int people)
    {
        await database.ExecuteAsync("""
            CREATE TABLE plain (tenant_id uuid NOT NULL, delivery_id uuid NOT NULL, campaign_id uuid NOT NULL, recipient_id uuid NOT NULL,
                address_hash bytea NOT NULL, email text, mail_domain text, country char(2), time_zone_source text, zone_number int, state text,
                updated_at timestamptz, PRIMARY KEY (tenant_id, delivery_id), UNIQUE (tenant_id, campaign_id, address_hash))
            """);
        var watch = Stopwatch.StartNew();
        await database.ExecuteAsync("""
            INSERT INTO plain
            SELECT tenant_id, gen_random_uuid(), '00000000-0000-0000-0000-000000000001', recipient_id, address_hash, email, mail_domain, country,
                   time_zone_source, 1, 'scheduled', now()
            FROM campaignhub.recipients LIMIT $1
            """, people);
        return watch.Elapsed;
    }

    private static async Task<Guid> DraftAsync(HttpClient http, Guid listId, object schedule)
    {
        using var answer = await http.PostAsJsonAsync("/v1/campaigns", new
        {
            name = "Everyone",
            subject = "Hello",
            html = "<p>Hello</p>",
            from = new { email = "news@shop.example" },
            audience = new { list_ids = new[] { listId } },
            schedule,
        });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }

    /// <summary>New time zone data: one zone of the launched campaign has other rules, and all are looked at.</summary>
    private static async Task<TimeSpan> MoveAsync(ServiceUnderTest service, Guid campaign)
    {
        await service.Database.ExecuteAsync(
            "UPDATE campaignhub.plan_zones SET due_at = due_at + interval '1 hour' WHERE campaign_id = $1 AND zone_number = 0", campaign);
        var watch = Stopwatch.StartNew();
        await service.Database.ExecuteAsync("UPDATE campaignhub.plans SET tzdb = '2020a' WHERE campaign_id = $1", campaign);
        while (await service.Database.ReadOneAsync<long>("SELECT count(*) FROM campaignhub.plan_moves WHERE campaign_id = $1", campaign) == 0)
            await Task.Delay(10);
        return watch.Elapsed;
    }

    /// <summary>Everybody has got twenty messages at all hours and read every third of them in the evening.</summary>
    private static async Task LearnAsync(Database database, Guid tenantId)
    {
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.reading_habits (tenant_id, recipient_id, readings)
            SELECT tenant_id, recipient_id, ARRAY(
                SELECT ((9800 + 4 * n) * 24 + 7 + n % 12) * 64 + CASE WHEN n % 3 = 0 THEN 13 - n % 12 ELSE 31 END * 2 FROM generate_series(1, 20) AS n)
            FROM campaignhub.recipients WHERE tenant_id = $1
            """, tenantId);
        await database.ExecuteAsync("VACUUM ANALYZE campaignhub.reading_habits");
    }

    private static async Task<JsonObject> ReadyAsync(HttpClient http, Guid campaign)
    {
        while (true)
        {
            var plan = (await http.GetFromJsonAsync<JsonObject>($"/v1/campaigns/{campaign}/plan"))!;
            if (plan["status"]!.GetValue<string>() != "computing")
                return plan;
            await Task.Delay(50);
        }
    }
}
