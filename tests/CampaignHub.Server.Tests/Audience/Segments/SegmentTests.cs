using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignHub.Core.Audience.Segments;
using CampaignHub.Server.Platform.Database;
using CsCheck;
using NodaTime;

namespace CampaignHub.Server.Tests.Audience.Segments;

public sealed class SegmentTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly Instant s_now = Instant.FromUtc(2026, 11, 27, 12, 0);
    private static readonly Guid s_campaign = new("0190a0a0-0000-7000-8000-000000000001");

    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task A_filter_finds_whom_it_should_whatever_people_have_in_their_attributes()
    {
        var tenant = await _service.NewTenantAsync();
        var list = (await tenant.Http.PostAsync("/v1/lists", new { name = "x" }, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        var random = new Random(20261127);
        var people = Enumerable.Range(0, 120).Select(i => Person.Random(random, i)).ToList();
        await SeedAsync(tenant.Id, list, people);
        await using var transaction = await _service.Get<Database>().BeginAsync(tenant.Id, default);

        await Filters(list, 3).SampleAsync(async filter =>
        {
            using var json = JsonDocument.Parse(filter.Json);
            var read = FilterReader.Read(json.RootElement, "filter", []).ShouldNotBeNull(filter.Json);
            var (condition, values) = SegmentSql.Of(read, "f", s_now);
            var found = await transaction.QueryAsync<string>(
                $"SELECT r.email FROM recipients r WHERE r.tenant_id = @TenantId AND {condition}", new Dictionary<string, object>(values) { ["TenantId"] = tenant.Id });
            found.Order().ShouldBe(people.Where(filter.Holds).Select(p => p.Email).Order(), filter.Json);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task A_segment_is_counted_before_it_is_saved_and_shown_changed_and_removed_afterwards()
    {
        var http = (await _service.NewTenantAsync()).Http;
        foreach (var (email, country) in ((string, string)[])[("ann@mail.example", "BR"), ("ben@mail.example", "BR"), ("kim@mail.example", "JP")])
            await http.PostAsync("/v1/recipients", new { email, country }, HttpStatusCode.Created);
        var filter = new { all = new object[] { new { field = "country", op = "eq", value = "br" }, new { field = "email", op = "starts_with", value = "ann" } } };

        var preview = await http.PostAsync("/v1/segments/preview", new { filter }, HttpStatusCode.OK);
        (preview["recipients"]!.GetValue<int>(), preview["consented"]!.GetValue<int>()).ShouldBe((1, 1));
        preview["sample"]!.AsArray().Select(r => r!["email"]!.GetValue<string>()).ShouldBe(["ann@mail.example"]);

        var made = await http.PostAsync("/v1/segments", new { name = "Brazil", filter }, HttpStatusCode.Created);
        (await http.GetJsonAsync($"/v1/segments/{made["id"]}")).ToJsonString().ShouldBe(made.ToJsonString());
        await http.PatchAsync($"/v1/segments/{made["id"]}", new { filter = new { field = "country", op = "ne", value = "JP" } }, HttpStatusCode.OK);
        (await http.GetJsonAsync($"/v1/segments/{made["id"]}/preview"))["recipients"]!.GetValue<int>().ShouldBe(2);
        var refused = await http.PatchAsync($"/v1/segments/{made["id"]}", new { filter = new { none = new[] { new { field = "shoe", op = "eq", value = 1 } } } }, HttpStatusCode.UnprocessableEntity);
        refused.FieldCode("filter.none[0].field").ShouldBe("unknown_field");
        (await http.GetJsonAsync($"/v1/segments/{made["id"]}/preview"))["recipients"]!.GetValue<int>().ShouldBe(2);
        await http.DeleteAsync($"/v1/segments/{made["id"]}").ExpectAsync(HttpStatusCode.NoContent);
        (await http.GetJsonAsync("/v1/segments"))["data"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_campaign_goes_to_lists_and_segments_without_the_excluded_as_they_were_when_it_was_planned()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddAsync("listed@mail.example");
        foreach (var (email, country, vip) in ((string, string, bool)[])[("br@mail.example", "BR", false), ("vip@mail.example", "BR", true), ("jp@mail.example", "JP", false)])
            await scenario.Http.PostAsync("/v1/recipients", new { email, country, attributes = new { vip } }, HttpStatusCode.Created);
        var brazil = await MakeAsync("Brazil", new { field = "country", op = "eq", value = "BR" });
        var vips = await MakeAsync("VIP", new { field = "attributes.vip", op = "eq", value = true });
        var campaign = await scenario.DraftAsync(new { strategy = "instant", at = "2099-01-01T10:00:00Z" });
        await scenario.Http.PatchAsync($"/v1/campaigns/{campaign}", new
        {
            audience = new { list_ids = (Guid[])[scenario.ListId], segment_ids = (string[])[brazil], exclude_segment_ids = (string[])[vips] },
        }, HttpStatusCode.OK);

        (await scenario.PlanAsync(campaign))["recipients"]!.GetValue<int>().ShouldBe(2);
        await scenario.Http.PostAsync("/v1/recipients", new { email = "later@mail.example", country = "BR" }, HttpStatusCode.Created);
        await scenario.LaunchAsync(campaign);

        (await scenario.DeliveriesAsync(campaign)).Keys.Order().ShouldBe(["br@mail.example", "listed@mail.example"]);
        foreach (var segment in (string[])[brazil, vips])
            (await scenario.Http.DeleteAsync($"/v1/segments/{segment}").ExpectAsync(HttpStatusCode.Conflict)).ProblemType().ShouldBe("in_use");

        async Task<string> MakeAsync(string name, object filter) =>
            (await scenario.Http.PostAsync("/v1/segments", new { name, filter }, HttpStatusCode.Created))["id"]!.GetValue<string>();
    }

    private Task SeedAsync(Guid tenantId, Guid listId, IEnumerable<Person> people) => _service.SqlAsync(string.Concat(people.Select((p, i) => $"""
        INSERT INTO campaignhub.recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, first_name, country, attributes,
            time_zone_source, consent_status, created_at, updated_at)
        VALUES ('{tenantId}', '{p.Id}', '{p.Email}', '{p.Email}', 'mail.example', decode(md5('{p.Email}'), 'hex'), {Sql(p.FirstName)}, {Sql(p.Country)},
            '{p.Attributes.ToJsonString().Replace("'", "''", StringComparison.Ordinal)}', 'fallback', '{p.Consent}', '{p.CreatedAt}', '{p.CreatedAt}');
        {(p.IsListed ? $"INSERT INTO campaignhub.list_recipients VALUES ('{tenantId}', '{listId}', '{p.Id}', now());" : "")}
        {(p.ReceivedDaysAgo is { } received ? $"""
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, mail_domain, time_zone_source, zone_number, state, sent_at, updated_at)
            VALUES ('{tenantId}', '{p.Id}', '{s_campaign}', '{p.Id}', decode(md5('{p.Email}'), 'hex'), 'mail.example', 'fallback', 0, 'accepted', '{s_now - Duration.FromDays(received)}', now());
            INSERT INTO campaignhub.first_hits (tenant_id, campaign_id, delivery_id, measure, class, first_at)
            VALUES ('{tenantId}', '{s_campaign}', '{p.Id}', 'open', '{(p.OpenedAsHuman ? "human" : "privacy_proxy")}', '{s_now - Duration.FromDays(received)}');
            """ : "")}
        """)));

    private static string Sql(string? text) => text is null ? "NULL" : $"'{text}'";

    /// <summary>Filters beside what they mean, told again in plain words of C#.</summary>
    private static Gen<Filter> Filters(Guid list, int levels) => levels == 0
        ? Conditions(list)
        : Gen.Frequency(
            (2, Conditions(list)),
            (1, Gen.Select(One("all", "any", "none"), Filters(list, levels - 1).Array[1, 3], (kind, members) => new Filter(
                $$"""{ "{{kind}}": [ {{string.Join(", ", members.Select(m => m.Json))}} ] }""",
                p => kind switch { "all" => members.All(m => m.Holds(p)), "any" => members.Any(m => m.Holds(p)), _ => !members.Any(m => m.Holds(p)) }))));

    private static Gen<Filter> Conditions(Guid list) => Gen.OneOf(
        Gen.Select(One("eq", "ne"), One("BR", "br", "JP", "XX"), (op, v) => Condition("country", op, v, p => Same(p.Country, v) == (op == "eq"))),
        Gen.Const(Condition("country", "in", (string[])["jp", "DE"], p => Same(p.Country, "JP") || Same(p.Country, "DE"))),
        Gen.Bool.Select(v => Condition("first_name", "exists", v, p => p.FirstName is not null == v)),
        One("n", "AN", "%", "_").Select(v => Condition("first_name", "contains", v, p => p.FirstName?.Contains(v, StringComparison.OrdinalIgnoreCase) == true)),
        One("a", "B").Select(v => Condition("first_name", "starts_with", v, p => p.FirstName?.StartsWith(v, StringComparison.OrdinalIgnoreCase) == true)),
        One("granted", "unknown").Select(v => Condition("consent", "ne", v, p => p.Consent != v)),
        Gen.Int[1, 60].Select(days => Condition("created_at", "within_days", days, p => p.CreatedAt >= s_now - Duration.FromDays(days))),
        Gen.Const(Condition("created_at", "lt", "2026-11-01", p => p.CreatedAt < Instant.FromUtc(2026, 11, 1, 0, 0))),
        One("eq", "ne").Select(op => Condition("lists", op, list, p => p.IsListed == (op == "eq"))),
        Gen.Select(One("gt", "lt", "eq"), Gen.Int[-1, 6], (op, v) => Condition("attributes.orders", op, v,
            p => p.Number("orders") is { } n && (op == "gt" ? n > v : op == "lt" ? n < v : n == v))),
        Gen.Const(Condition("attributes.orders", "in", (object[])[3.0, "MANY", true], p => p.Number("orders") == 3 || Same(p.Text("orders"), "many") || Same(p.Text("orders"), "true"))),
        One("3", "many").Select(v => Condition("attributes.orders", "eq", v, p => Same(p.Text("orders"), v))),
        Gen.Bool.Select(v => Condition("attributes.vip", "eq", v, p => Same(p.Text("vip"), v ? "true" : "false"))),
        Gen.Select(One("gt", "lt"), One("2026-11-10", "2025-01-01"), (op, v) => Condition("attributes.since", op, v,
            p => p.Day("since") is { } day && (op == "gt" ? string.CompareOrdinal(day, v) > 0 : string.CompareOrdinal(day, v) < 0))),
        Gen.Int[1, 40].Select(days => Condition("attributes.since", "within_days", days,
            p => p.Day("since") is { } day && string.CompareOrdinal(day, Day(s_now - Duration.FromDays(days))) >= 0 && string.CompareOrdinal(day, Day(s_now)) <= 0)),
        Gen.Bool.Select(v => Condition("attributes.shop.city", "exists", v, p => (p.Attributes["shop"] as JsonObject)?["city"] is not null == v)),
        One("eq", "ne").Select(op => Condition("events.received", op, s_campaign, p => p.ReceivedDaysAgo is not null == (op == "eq"))),
        Gen.Int[1, 40].Select(days => Condition("events.received", "within_days", days, p => p.ReceivedDaysAgo <= days)),
        Gen.Bool.Select(v => Condition("events.opened", "exists", v, p => (p.ReceivedDaysAgo is not null && p.OpenedAsHuman) == v)),
        Gen.Bool.Select(v => Condition("events.clicked", "exists", v, _ => !v)));

    private static Gen<T> One<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static Filter Condition(string field, string op, object value, Func<Person, bool> holds) => new(JsonSerializer.Serialize(new { field, op, value }), holds);

    private static bool Same(string? text, string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase);

    private static string Day(Instant at) => NodaTime.Text.LocalDatePattern.Iso.Format(at.InUtc().Date);

    private sealed record Filter(string Json, Func<Person, bool> Holds);

    /// <summary>What attributes may hold, also where nobody expects it.</summary>
    private static readonly Dictionary<string, string[]> s_attributes = new()
    {
        ["orders"] = ["3", "\"3\"", "5.5", "1e3", "\"many\"", "true", "[3]", "{}"],
        ["vip"] = ["true", "false", "\"TRUE\"", "1"],
        ["since"] = ["\"2026-11-20\"", "\"2026-11-05T10:00:00Z\"", "\"2026-02-31\"", "\"20261120\"", "20261120", "\"2026-11-200\""],
        ["shop"] = ["{ \"city\": \"Lima\" }", "\"Lima\"", "{}", "[]"],
    };

    private sealed record Person(
        Guid Id, string Email, string? FirstName, string? Country, string Consent, Instant CreatedAt, JsonObject Attributes, bool IsListed, int? ReceivedDaysAgo, bool OpenedAsHuman)
    {
        public static Person Random(Random random, int i)
        {
            return new(
                Guid.CreateVersion7(), $"p{i}@mail.example", Pick<string?>(null, "Ann", "ben", "a%n", "A_"), Pick<string?>(null, "BR", "JP", "DE"),
                Pick("granted", "unknown", "withdrawn"), s_now - Duration.FromHours(random.Next(1, 24 * 60)), Some(), random.Next(2) == 0,
                random.Next(2) == 0 ? random.Next(0, 40) : null, random.Next(2) == 0);

            T Pick<T>(params ReadOnlySpan<T> of) => of[random.Next(of.Length)];

            JsonObject Some()
            {
                var some = new JsonObject();
                foreach (var (name, values) in s_attributes)
                    if (Pick<string?>([null, .. values]) is { } json)
                        some[name] = JsonNode.Parse(json);
                return some;
            }
        }

        public string? Text(string name) => Attributes[name] switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            // As jsonb writes it: 1e3 is 1000.
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
            var other => other.ToJsonString(),
        };

        public decimal? Number(string name) =>
            Text(name) is { } text && System.Text.RegularExpressions.Regex.IsMatch(text, "^-?[0-9]{1,30}([.][0-9]{1,30})?$") ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

        public string? Day(string name) =>
            Text(name) is { } text && System.Text.RegularExpressions.Regex.IsMatch(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]|$)") ? text[..10] : null;
    }
}
