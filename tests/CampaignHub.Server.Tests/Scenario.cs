using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Server.Tests;

/// <summary>A tenant with a list, a relay that leads to a sink of the test's own, and campaigns to it; all over HTTP.</summary>
public sealed class Scenario : IAsyncDisposable
{
    private Scenario(TestTenant tenant, SmtpSink sink, Guid listId, Guid relayId) =>
        (Tenant, Sink, ListId, RelayId) = (tenant, sink, listId, relayId);

    public TestTenant Tenant { get; }

    public HttpClient Http => Tenant.Http;

    public SmtpSink Sink { get; }

    public Guid ListId { get; }

    public Guid RelayId { get; }

    public static async Task<Scenario> StartAsync(TestService service, int maxConnections = 4) =>
        await StartAsync(await service.NewTenantAsync(), service.Get<IClock>(), maxConnections);

    /// <summary>A new tenant of a service in a process of its own, whose clock is the system's, with so many people.</summary>
    public static async Task<Scenario> StartAsync(ChildService child, int people, int maxConnections = 4)
    {
        var tenant = await child.NewTenantAsync();
#pragma warning disable RS0030 // The child runs on the system's clock, and so does its relay.
        var scenario = await StartAsync(tenant, SystemClock.Instance, maxConnections);
#pragma warning restore RS0030
        await scenario.AddManyAsync(people);
        return scenario;
    }

    public static async Task<Scenario> StartAsync(TestTenant tenant, IClock clock, int maxConnections)
    {
        var sink = SmtpSink.Start(new SmtpSinkOptions { Clock = clock });
        var list = await tenant.Http.PostAsync("/v1/lists", new { name = "everyone" }, HttpStatusCode.Created);
        var relay = await tenant.Http.PostAsync("/v1/relays", new
        {
            name = "sink",
            host = "127.0.0.1",
            port = sink.Port,
            tls = "none",
            max_connections = maxConnections,
        }, HttpStatusCode.Created);
        return new Scenario(tenant, sink, list["id"]!.GetValue<Guid>(), relay["id"]!.GetValue<Guid>());
    }

    /// <summary>Adds a consenting person to the list and answers their id.</summary>
    public async Task<Guid> AddAsync(string email, string? timeZone = null)
    {
        var person = await Http.PostAsync("/v1/recipients", new
        {
            email,
            first_name = "Ann",
            time_zone = timeZone,
            lists = (Guid[])[ListId],
        }, HttpStatusCode.Created);
        return person["id"]!.GetValue<Guid>();
    }

    /// <summary>Adds many by import: of 50 mail domains, unless their addresses are given, and of a country where one is.</summary>
    public async Task AddManyAsync(int count, Func<int, string>? addressOf = null, string? country = null)
    {
        var (header, end) = country is null ? ("email\n", "\n") : ("email,country\n", $",{country}\n");
        var rows = string.Concat(Enumerable.Range(0, count).Select(i => (addressOf ?? (n => $"p{n}@shop{n % 50}.example"))(i) + end));
        var answer = await Http.PostRawAsync($"/v1/imports?list_id={ListId}&consent=granted&consent_source=test", header + rows, "text/csv")
            .ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.Async(() => Http.GetJsonAsync($"/v1/imports/{answer["id"]}"), i => i["status"]!.GetValue<string>() == "finished", "the import finishes");
    }

    /// <summary>Puts very many on the list past the API: people p0 to p… of 50 mail domains, as an import makes them.</summary>
    public Task SeedAsync(TestService service, int count) => service.SqlAsync($"""
        WITH people AS (
            INSERT INTO campaignhub.recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash,
                time_zone_source, consent_status, created_at, updated_at)
            SELECT '{Tenant.Id}', gen_random_uuid(), 'p' || i || '@' || d, 'p' || i || '@' || d, d, decode(md5(i::text), 'hex'),
                   'fallback', 'granted', clock_timestamp(), clock_timestamp()
            FROM generate_series(0, {count} - 1) AS i, LATERAL (SELECT 'shop' || i % 50 || '.example' AS d) AS domains
            RETURNING recipient_id
        )
        INSERT INTO campaignhub.list_recipients (tenant_id, list_id, recipient_id, added_at)
        SELECT '{Tenant.Id}', '{ListId}', recipient_id, clock_timestamp() FROM people;
        ANALYZE campaignhub.recipients, campaignhub.list_recipients;
        """);

    /// <summary>Makes a draft to the list; sent at once unless another schedule is given.</summary>
    public async Task<Guid> DraftAsync(object? schedule = null, string whenUncertain = "resend")
    {
        var campaign = await Http.PostAsync("/v1/campaigns", new
        {
            name = "Test",
            subject = "Hello {{ recipient.first_name }}",
            from = new { name = "Shop", email = "news@shop.example" },
            html = """<html><body><p>Hi</p><a href="https://shop.example/sale">Sale</a> <a href="{{ unsubscribe_url }}">leave</a></body></html>""",
            audience = new { list_ids = (Guid[])[ListId] },
            schedule = schedule ?? new { strategy = "now" },
            when_uncertain = whenUncertain,
        }, HttpStatusCode.Created);
        return campaign["id"]!.GetValue<Guid>();
    }

    public async Task<JsonObject> PlanAsync(Guid campaignId)
    {
        await Http.PostAsync($"/v1/campaigns/{campaignId}/plan", null).ExpectAsync(HttpStatusCode.Accepted);
        return await Eventually.Async(() => Http.GetJsonAsync($"/v1/campaigns/{campaignId}/plan"), p => p["status"]!.GetValue<string>() != "computing", "the plan is computed");
    }

    public Task<JsonObject> LaunchAsync(Guid campaignId) =>
        Http.PostAsync($"/v1/campaigns/{campaignId}/launch", null).ExpectAsync(HttpStatusCode.Accepted);

    public Task<JsonObject> FinishedAsync(Guid campaignId, int seconds = 60) =>
        Eventually.Async(() => Http.GetJsonAsync($"/v1/campaigns/{campaignId}"), c => c["status"]!.GetValue<string>() == "finished", "the campaign finishes", seconds);

    /// <summary>The state of each delivery by address.</summary>
    public async Task<Dictionary<string, JsonObject>> DeliveriesAsync(Guid campaignId) =>
        (await Http.GetJsonAsync($"/v1/campaigns/{campaignId}/deliveries?limit=200"))["data"]!.AsArray()
        .ToDictionary(d => d!["email"]!.GetValue<string>(), d => d!.AsObject());

    public ValueTask DisposeAsync() => Sink.DisposeAsync();
}
