using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>Plans as callers see them, on the afternoon before Europe's clocks go back.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-10-24T12:00:00Z");
        _scenario = await Scenario.StartAsync(_service);
    }

    [Fact]
    public async Task It_counts_whom_it_includes_and_leaves_out_and_says_why_each_goes_when_it_does()
    {
        var other = (await _scenario.Http.PostAsync("/v1/lists", new { name = "other" }, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        await AddAsync(new { email = "given@shop.example", time_zone = "Asia/Tokyo", lists = (Guid[])[_scenario.ListId, other] });
        await AddAsync(new { email = "guessed@shop.example", country = "US", lists = (Guid[])[_scenario.ListId] });
        await AddAsync(new { email = "nowhere@shop.example", lists = (Guid[])[other] });
        await AddAsync(new { email = "suppressed@gone.example", lists = (Guid[])[other] });
        await AddAsync(new { email = "silent@shop.example", consent = new { status = "unknown" }, lists = (Guid[])[other] });
        await _scenario.Http.PostAsync("/v1/suppressions", new { pattern = "*@gone.example" }, HttpStatusCode.Created);
        var campaign = await _scenario.DraftAsync(new { strategy = "local_time", date = "2026-10-25", time = "02:30", fallback_time_zone = "Europe/Berlin" });
        await _scenario.Http.PatchAsync($"/v1/campaigns/{campaign}", new { audience = new { list_ids = (Guid[])[_scenario.ListId, other] } }, HttpStatusCode.OK);

        var plan = await _scenario.PlanAsync(campaign);

        plan["recipients"]!.GetValue<int>().ShouldBe(3);
        plan["excluded"]!.ToJsonString().ShouldBe("""{"suppressed":1,"no_consent":1,"unsure_zone":0}""");
        plan["zone_sources"]!.AsObject().Where(s => s.Value!.GetValue<int>() > 0).Select(s => s.Key).ShouldBe(["given", "country_guess", "fallback"], ignoreOrder: true);
        plan["instants"]!.AsArray().Select(Line).ShouldBe(
        [
            "2026-10-24T17:30:00Z Asia/Tokyo 2026-10-25T02:30 none 1",
            "2026-10-25T00:30:00Z Europe/Berlin 2026-10-25T02:30 overlap 1",
            "2026-10-25T06:30:00Z America/New_York 2026-10-25T02:30 none 1",
        ]);
        (await _scenario.Http.GetStringAsync($"/v1/campaigns/{campaign}/plan?format=csv")).Split("\r\n")[..2].ShouldBe(
        [
            "due_at,time_zone,local,adjustment,passed,missed,recipients,wave_id",
            $"2026-10-24T17:30:00Z,Asia/Tokyo,2026-10-25T02:30,none,,false,1,{plan["instants"]![0]!["wave_id"]}",
        ]);
        using var picture = await _scenario.Http.GetAsync($"/v1/campaigns/{campaign}/plan?format=svg");
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        (await picture.Content.ReadAsStringAsync()).ShouldContain("3 people from Sat 24 Oct 2026 17:30 to Sun 25 Oct 2026 06:30 UTC");
        var timing = (await _scenario.DeliveriesAsync(campaign))["nowhere@shop.example"]["timing"]!;
        timing["wave_id"]!.GetValue<string>().ShouldBe(plan["instants"]![1]!["wave_id"]!.GetValue<string>());
        timing.AsObject().Remove("wave_id");
        timing.ToJsonString().ShouldBe(
            """{"time_zone":"Europe/Berlin","time_zone_source":"fallback","rule":"local_time 02:30","local":"2026-10-25T02:30","due_at":"2026-10-25T00:30:00Z","adjustment":"overlap","explanation":"02:30 on Sunday 25 October in Europe/Berlin, the fallback, as nothing is known; the clock shows that time twice there: the first one","best_time":null}""");
    }

    [Fact]
    public async Task A_fault_after_a_plan_has_been_computed_leaves_it_ready()
    {
        await AddAsync(new { email = "given@shop.example", time_zone = "Asia/Tokyo", lists = (Guid[])[_scenario.ListId] });
        var campaign = await _scenario.DraftAsync(new { strategy = "local_time", date = "2026-10-25", time = "10:00" });
        await _scenario.PlanAsync(campaign);
        await using (var transaction = await _service.Get<Database>().BeginAsync(_scenario.Tenant.Id, default))
        {
            await PlanStore.FailAsync(transaction, campaign, "The alarms could not be set.");
            await transaction.CommitAsync();
        }
        (await _scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan"))["status"]!.GetValue<string>().ShouldBe("ready");
    }

    [Theory]
    [InlineData("next_day", "next day", "scheduled", "2026-10-25T01:00:00Z")]
    [InlineData("skip", "not sent", "missed", "2026-10-24T01:00:00Z")]
    [InlineData("send_now", "sent at once", "accepted", null)]
    public async Task What_has_passed_is_handled_as_the_schedule_says(string whenPassed, string words, string state, string? dueAt)
    {
        await AddAsync(new { email = "east@shop.example", time_zone = "Asia/Tokyo", lists = (Guid[])[_scenario.ListId] });
        await AddAsync(new { email = "west@shop.example", time_zone = "America/Los_Angeles", lists = (Guid[])[_scenario.ListId] });
        var campaign = await _scenario.DraftAsync(new { strategy = "local_time", date = "2026-10-24", time = "10:00", when_passed = whenPassed });
        var passed = (await _scenario.PlanAsync(campaign))["passed"]!.AsArray().ShouldHaveSingleItem()!;
        passed["sentence"]!.GetValue<string>().ShouldBe($"1 person in Tokyo has passed 10:00: {words}");
        await _scenario.LaunchAsync(campaign);

        var deliveries = await Eventually.Async(() => _scenario.DeliveriesAsync(campaign), d => d["east@shop.example"]["state"]!.GetValue<string>() == state, $"it is {state}");

        deliveries["west@shop.example"]["state"]!.GetValue<string>().ShouldBe("scheduled");
        if (dueAt is not null)
            deliveries["east@shop.example"]["timing"]!["due_at"]!.GetValue<string>().ShouldBe(dueAt);
    }

    [Fact]
    public async Task Allowed_days_are_those_of_each_persons_week_without_the_holidays_of_their_country()
    {
        await _scenario.Http.PutAsync("/v1/holidays", new { countries = new { at = (string[])["2026-10-26", "2026-10-26"] } }, HttpStatusCode.OK);
        (await _scenario.Http.GetJsonAsync("/v1/holidays"))["countries"]!["AT"]!.AsArray().Select(d => d!.GetValue<string>()).ShouldBe(["2026-10-26"]);
        await AddAsync(new { email = "vienna@shop.example", country = "AT", time_zone = "Europe/Vienna", lists = (Guid[])[_scenario.ListId] });
        await AddAsync(new { email = "expat@shop.example", country = "CH", time_zone = "Europe/Vienna", lists = (Guid[])[_scenario.ListId] });
        var campaign = await _scenario.DraftAsync(new
        {
            strategy = "local_time",
            date = "2026-10-25",
            time = "06:00",
            allowed_hours = new { from = "08:00", to = "21:00" },
            allowed_days = (string[])["mon", "tue", "wed", "thu", "fri"],
        });

        (await _scenario.PlanAsync(campaign))["instants"]!.AsArray().Select(Line).ShouldBe(
        [
            "2026-10-26T07:00:00Z Europe/Vienna 2026-10-25T06:00 allowed_days 1",
            "2026-10-27T07:00:00Z Europe/Vienna 2026-10-25T06:00 allowed_days 1",
        ]);
    }

    [Theory]
    [InlineData("""{ "countries": { "XX": ["2026-12-25"] } }""", "countries.XX", "unknown_country")]
    [InlineData("""{ "countries": { "DE": ["2026-12-25", "2026-02-30"] } }""", "countries.DE[1]", "invalid")]
    [InlineData("""{ "countries": { "DE": [null] } }""", "countries.DE[0]", "invalid")]
    [InlineData("{}", "countries", "required")]
    public async Task Holidays_that_are_none_are_refused(string body, string field, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var problem = await _scenario.Http.PutAsync("/v1/holidays", content).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe(code);
    }

    [Fact]
    public async Task A_window_spreads_people_over_its_minutes_each_at_the_same_place_every_time()
    {
        await _scenario.AddManyAsync(200);
        var schedule = new { strategy = "local_time", date = "2026-10-26", time = "10:00", fallback_time_zone = "Europe/Berlin", window = "PT4M" };
        var first = await _scenario.DraftAsync(schedule);

        var instants = (await _scenario.PlanAsync(first))["instants"]!.AsArray();

        instants.Select(i => i!["due_at"]!.GetValue<string>()).ShouldBe(
            ["2026-10-26T09:00:00Z", "2026-10-26T09:01:00Z", "2026-10-26T09:02:00Z", "2026-10-26T09:03:00Z"]);
        instants.Sum(i => i!["recipients"]!.GetValue<int>()).ShouldBe(200);
        instants.ShouldAllBe(i => i!["recipients"]!.GetValue<int>() > 25);
        var second = await _scenario.DraftAsync(schedule);
        await _scenario.PlanAsync(second);
        (await PlacesAsync(second)).ShouldBe(await PlacesAsync(first));
    }

    private async Task<IReadOnlyDictionary<string, string>> PlacesAsync(Guid campaign) => (await _scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/deliveries?limit=200"))
        ["data"]!.AsArray().OrderBy(d => d!["email"]!.GetValue<string>(), StringComparer.Ordinal)
        .ToDictionary(d => d!["email"]!.GetValue<string>(), d => d!["due_at"]!.GetValue<string>());

    private Task<JsonObject> AddAsync(object person) => _scenario.Http.PostAsync("/v1/recipients", person, HttpStatusCode.Created);

    private static string Line(JsonNode? instant)
    {
        var zone = instant!["zones"]!.AsArray().Single()!;
        return $"{instant["due_at"]} {zone["time_zone"]} {zone["local"]} {zone["adjustment"]} {instant["recipients"]}";
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }
}
