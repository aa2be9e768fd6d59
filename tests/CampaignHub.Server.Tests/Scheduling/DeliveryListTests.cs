using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Scheduling;

public sealed class DeliveryListTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Formula = "=HYPERLINK(\"https://evil.example/\",\"a,b\")";

    private readonly TestService service = fixture.Service;

    [Theory]
    [InlineData("", "0 1 2 3 4 5")]
    [InlineData("state=rejected", "1 2")]
    [InlineData("state=accepted", "0 4 5")]
    [InlineData("reason=policy", "2")]
    [InlineData("reply=USER%20unknown", "1")]
    [InlineData("reply=100%25_", "")]
    [InlineData("mail_domain=Other.Example", "3 4")]
    [InlineData("mail_domain=other.example&state=deferred", "3")]
    [InlineData("mail_domain=other.example&state=rejected", "")]
    [InlineData("relay_id={relay}", "1 2")]
    [InlineData("relay_id={relay}&reply=blocked", "2")]
    public async Task Each_filter_leaves_those_that_it_names(string query, string expected)
    {
        var (seed, relay) = await SeedAsync();
        query = query.Replace("{relay}", $"{relay}", StringComparison.Ordinal);
        foreach (var path in new[] { $"/v1/deliveries?{query}", $"/v1/deliveries?campaign_id={seed.CampaignId}&{query}", $"/v1/campaigns/{seed.CampaignId}/deliveries?{query}" })
        {
            Places(seed, await AllAsync(seed.Tenant.Http, path)).ShouldBe(expected, path);
            Places(seed, (await CsvAsync(seed.Tenant.Http, path)).Skip(1).Select(line => Guid.Parse(line[..36]))).ShouldBe(expected, path);
        }
        (await AllAsync(service.Http, $"/v1/deliveries?{(query.Contains("relay", StringComparison.Ordinal) ? "" : query)}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_filters()
    {
        var (seed, _) = await SeedAsync();
        var page = await seed.Tenant.Http.GetJsonAsync("/v1/deliveries?limit=1");
        var problem = await seed.Tenant.Http.GetAsync($"/v1/deliveries?limit=1&state=accepted&cursor={page["next_cursor"]}").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("cursor").ShouldBe("invalid");
    }

    [Theory]
    [InlineData("state=lost", "state")]
    [InlineData("mail_domain=%20", "mail_domain")]
    [InlineData("mail_domain=nodot", "mail_domain")]
    public async Task A_filter_that_can_not_be_is_refused(string query, string field) =>
        (await service.Http.GetAsync($"/v1/deliveries?{query}").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldBe("invalid");

    [Fact]
    public async Task As_CSV_a_cell_is_quoted_where_it_must_and_never_a_formula()
    {
        var (seed, relay) = await SeedAsync();
        await ExecuteAsync(seed, "UPDATE deliveries SET smtp_reply = @Formula WHERE tenant_id = @TenantId AND delivery_id = @id", new { TenantId = seed.Tenant.Id, Formula, id = seed.Deliveries[2] });
        var lines = await CsvAsync(seed.Tenant.Http, "/v1/deliveries?reason=policy");
        lines[0].ShouldBe("id,campaign_id,recipient_id,email,mail_domain,state,attempts,due_at,message_id,relay_id,smtp_reply,reason,updated_at,"
            + "time_zone,time_zone_source,rule,local,adjustment");
        lines[1].ShouldStartWith($"{seed.Deliveries[2]},{seed.CampaignId},{seed.Recipients[2]},{seed.Recipients[2]}@mail.example,mail.example,rejected,0,,,{relay},"
            + "\"'=HYPERLINK(\"\"https://evil.example/\"\",\"\"a,b\"\")\",policy,20");
        lines[1].ShouldEndWith(",Europe/Berlin,given,local_time,2026-11-27T10:00,none");
        lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task CSV_is_answered_to_who_asks_for_it_and_has_no_pages()
    {
        async Task<HttpResponseMessage> AskAsync(string accept, string query = "") =>
            await service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/v1/deliveries{query}") { Headers = { { "Accept", accept } } });

        foreach (var (accept, mediaType) in new[]
                 {
                     ("text/csv", "text/csv"), ("text/csv, */*", "text/csv"), ("application/json;q=0.5, text/csv", "text/csv"),
                     ("*/*", "application/json"), ("application/json, text/csv;q=0.9", "application/json"), ("text/csv;q=0", "application/json"),
                 })
            using (var answer = await AskAsync(accept))
                answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType, accept);
        (await AskAsync("text/csv", "?limit=10")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>Six deliveries: 1 and 2 rejected by a relay, 3 and 4 to another domain, 3 deferred.</summary>
    private async Task<(Seed Seed, Guid Relay)> SeedAsync()
    {
        var seed = await Seed.SentAsync(service, 6);
        var relay = await seed.Tenant.Http.PostAsync("/v1/relays", new { name = "r", host = "127.0.0.1", port = 2525, tls = "none" }, HttpStatusCode.Created);
        var relayId = relay["id"]!.GetValue<Guid>();
        await ExecuteAsync(seed, """
            UPDATE deliveries d
            SET state = l.state, reason = l.reason, smtp_reply = l.reply, mail_domain = l.domain, relay_id = CASE WHEN l.state = 'rejected' THEN @relayId END
            FROM (VALUES
                (2, 'rejected', 'unknown_recipient', '550 5.1.1 User Unknown', 'mail.example'),
                (3, 'rejected', 'policy', '550 5.7.1 blocked', 'mail.example'),
                (4, 'deferred', 'recipient_deferred', '450 later', 'other.example'),
                (5, 'accepted', 'accepted', '250 OK', 'other.example')) AS l (n, state, reason, reply, domain)
            WHERE d.tenant_id = @TenantId AND d.delivery_id = (@deliveries)[l.n]
            """, new { TenantId = seed.Tenant.Id, relayId, deliveries = seed.Deliveries });
        return (seed, relayId);
    }

    private async Task ExecuteAsync(Seed seed, string sql, object parameters)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync(sql, parameters);
        await transaction.CommitAsync();
    }

    /// <summary>The ids of all pages, two a page.</summary>
    private static async Task<List<Guid>> AllAsync(HttpClient http, string path)
    {
        List<Guid> ids = [];
        for (JsonNode? cursor = null; ;)
        {
            var page = await http.GetJsonAsync($"{path}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            ids.AddRange(page["data"]!.AsArray().Select(d => d!["id"]!.GetValue<Guid>()));
            if ((cursor = page["next_cursor"]) is null)
                return ids;
        }
    }

    private static async Task<IReadOnlyList<string>> CsvAsync(HttpClient http, string path)
    {
        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/csv" } } });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldEndWith("\r\n");
        return text.Split("\r\n")[..^1];
    }

    private static string Places(Seed seed, IEnumerable<Guid> ids) =>
        string.Join(' ', ids.Select(id => Array.IndexOf(seed.Deliveries, id)).Order());
}
