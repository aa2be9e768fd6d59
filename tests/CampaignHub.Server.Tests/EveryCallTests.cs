using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CampaignHub.Server.Tests.Audience.Imports;

namespace CampaignHub.Server.Tests;

/// <summary>What holds for each call of the API, the next one too: they are taken from its description.</summary>
public sealed class EveryCallTests(EveryCallFixture fixture) : IClassFixture<EveryCallFixture>
{
    public static TheoryData<DescribedCall> All => [.. DescribedCall.All];

    public static TheoryData<DescribedCall> WithIds => [.. DescribedCall.All.Where(call => call.Scope is not null && call.Ids.Count > 0)];

    public static TheoryData<DescribedCall> Reading => [.. DescribedCall.All.Where(call => call.OnlyReads)];

    public static TheoryData<DescribedCall> Paged => [.. DescribedCall.All.Where(call => call.Takes("limit"))];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Without_a_key_or_with_a_wrong_one_it_is_refused(DescribedCall call)
    {
        foreach (var http in (HttpClient[])[fixture.Service.Anonymous, fixture.Service.WithKey("chk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")])
            (await call.SendAsync(http, fixture.Theirs).ExpectAsync(HttpStatusCode.Unauthorized)).ProblemType().ShouldBe("unauthorized");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Without_its_scope_it_is_refused(DescribedCall call)
    {
        var problem = await call.SendAsync(await fixture.KeyWithoutAsync(call.Scope), fixture.Theirs).ExpectAsync(HttpStatusCode.Forbidden);
        problem.ProblemType().ShouldBe(call.Scope is null ? "operator_only" : "scope_missing");
        problem["detail"]!.GetValue<string>().ShouldContain(call.Scope ?? "operator");
    }

    [Theory]
    [MemberData(nameof(WithIds))]
    public async Task A_foreign_id_is_not_found_and_what_it_names_stays_as_it_was(DescribedCall call)
    {
        var before = await fixture.ViewOfTheirsAsync();
        foreach (var foreign in call.Ids)
        {
            var ids = call.Ids.ToDictionary(id => id.Name, id => (id == foreign ? fixture.Theirs : fixture.Ours)[id.Kind]);
            (await call.SendAsync(fixture.Us.Http, ids).ExpectAsync(HttpStatusCode.NotFound)).ProblemType().ShouldBe("not_found");
        }
        (await fixture.ViewOfTheirsAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task Asked_about_ones_own_things_it_answers_without_a_fault(DescribedCall call)
    {
        var http = call.Scope is null ? fixture.Service.Operator : fixture.Us.Http;
        using var answer = await call.SendAsync(http, fixture.Ours);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
    }

    [Theory]
    [MemberData(nameof(Paged))]
    public async Task Pages_beyond_their_limits_and_forged_cursors_are_refused(DescribedCall call)
    {
        var http = call.Scope is null ? fixture.Service.Operator : fixture.Us.Http;
        foreach (var limit in (string[])["0", "-1", "201", "1000000000"])
            (await call.SendAsync(http, fixture.Ours, $"limit={limit}").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode("limit").ShouldBe("out_of_range");
        var cursor = call.Takes("cursor") ? "cursor" : "after";
        foreach (var forged in (string[])["x", "AAAAAAAAAAAwMTk5", "MDE5MGEwYTAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw"])
            (await call.SendAsync(http, fixture.Ours, $"{cursor}={forged}").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(cursor).ShouldBe("invalid");
    }
}

/// <summary>Two tenants on one service, each with one thing of every kind that a path can name.</summary>
public sealed class EveryCallFixture : IAsyncLifetime
{
    private readonly Dictionary<string, HttpClient> _keys = [];
    private Scenario _theirs = null!;
    private Scenario _ours = null!;

    public TestService Service { get; private set; } = null!;

    public TestTenant Us => _ours.Tenant;

    /// <summary>Ids by kind, which is the segment before them.</summary>
    public IReadOnlyDictionary<string, string> Theirs { get; private set; } = null!;

    public IReadOnlyDictionary<string, string> Ours { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Service = await TestService.StartAsync("--CampaignHub:Limits:FailuresPerNetworkAndHour=0");
        (_theirs, _ours) = (await Scenario.StartAsync(Service), await Scenario.StartAsync(Service));
        (Theirs, Ours) = (await MakeThingsAsync(_theirs), await MakeThingsAsync(_ours));
    }

    /// <summary>A client of ours that may do something, but not this.</summary>
    public async Task<HttpClient> KeyWithoutAsync(string? scope)
    {
        var other = scope is null ? "*" : scope.StartsWith("settings", StringComparison.Ordinal) ? "reports:read" : "settings:read";
        if (!_keys.TryGetValue(other, out var http))
        {
            var made = await Us.Http.PostAsync("/v1/api-keys", new { name = other, scopes = (string[])[other] }, HttpStatusCode.Created);
            _keys[other] = http = Service.WithKey(made["key"]!.GetValue<string>());
        }
        return http;
    }

    /// <summary>Everything of theirs as they see it, but for when they last saw it.</summary>
    public async Task<string> ViewOfTheirsAsync()
    {
        var view = new StringBuilder();
        foreach (var (kind, id) in Theirs.Where(thing => thing.Key != "tenants"))
            view.AppendLine(await _theirs.Http.GetStringAsync(kind == "api-keys" ? "/v1/api-keys" : $"/v1/{kind}/{id}"));
        return Regex.Replace(view.ToString(), "\"last_used_at\":[^,}]*", "");
    }

    private static async Task<IReadOnlyDictionary<string, string>> MakeThingsAsync(Scenario scenario)
    {
        var http = scenario.Http;
        var person = await scenario.AddAsync("ann@shop.example");
        var import = await http.ImportAsync($"list_id={scenario.ListId}", "email\nann@shop.example\n");
        var campaign = await scenario.DraftAsync(new { strategy = "local_time", date = "2035-06-01", time = "10:00" });
        await scenario.PlanAsync(campaign);
        return new Dictionary<string, string>
        {
            ["lists"] = scenario.ListId.ToString(),
            ["relays"] = scenario.RelayId.ToString(),
            ["recipients"] = person.ToString(),
            ["imports"] = import["id"]!.GetValue<string>(),
            ["campaigns"] = campaign.ToString(),
            ["deliveries"] = (await scenario.DeliveriesAsync(campaign)).Single().Value["id"]!.GetValue<string>(),
            ["domains"] = await MadeAsync("domains", new { name = "shop.example", kind = "sending" }),
            ["bounce-mailboxes"] = await MadeAsync("bounce-mailboxes", new { name = "x", host = "127.0.0.1", port = 1, tls = "none", username = "x", password = "x", enabled = false }),
            ["provider-feeds"] = await MadeAsync("provider-feeds", new { name = "x", kind = "mailgun", secret = "x" }),
            ["storefronts"] = await MadeAsync("storefronts", new { kind = "shopify", name = "x", domain = "shop.example", secret = "0123456789abcdef", list_id = scenario.ListId }),
            ["forms"] = await MadeAsync("forms", new
            {
                name = "x",
                title = "x",
                wording = "x",
                list_ids = (Guid[])[scenario.ListId],
                from = new { email = "news@shop.example" },
            }),
            ["segments"] = await MadeAsync("segments", new { name = "x", filter = new { field = "country", op = "eq", value = "DE" } }),
            ["suppressions"] = await MadeAsync("suppressions", new { pattern = "*@gone.example" }),
            ["templates"] = await MadeAsync("templates", new { name = "x", html = "<p>x</p>" }),
            ["api-keys"] = await MadeAsync("api-keys", new { name = "x", scopes = (string[])["reports:read"] }),
            ["webhooks"] = await MadeAsync("webhooks", new { url = "http://127.0.0.1:1/", enabled = false }),
            ["tenants"] = scenario.Tenant.Id.ToString(),
        };

        async Task<string> MadeAsync(string kind, object body) =>
            (await http.PostAsync($"/v1/{kind}", body, HttpStatusCode.Created))["id"]!.GetValue<string>();
    }

    public async Task DisposeAsync()
    {
        await _theirs.DisposeAsync();
        await _ours.DisposeAsync();
        await Service.DisposeAsync();
    }
}
