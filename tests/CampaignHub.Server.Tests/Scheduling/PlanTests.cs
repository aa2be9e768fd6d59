using System.Net;
using System.Text.Json.Nodes;

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
        plan["excluded"]!.ToJsonString().ShouldBe("""{"suppressed":1,"no_consent":1}""");
        plan["zone_sources"]!.AsObject().Where(s => s.Value!.GetValue<int>() > 0).Select(s => s.Key).ShouldBe(["given", "country_guess", "fallback"], ignoreOrder: true);
        plan["instants"]!.AsArray().Select(Line).ShouldBe(
        [
            "2026-10-24T17:30:00Z Asia/Tokyo 2026-10-25T02:30 none 1",
            "2026-10-25T00:30:00Z Europe/Berlin 2026-10-25T02:30 overlap 1",
            "2026-10-25T06:30:00Z America/New_York 2026-10-25T02:30 none 1",
        ]);
        var timing = (await _scenario.DeliveriesAsync(campaign))["nowhere@shop.example"]["timing"]!;
        timing["wave_id"]!.GetValue<string>().ShouldBe(plan["instants"]![1]!["wave_id"]!.GetValue<string>());
        timing.AsObject().Remove("wave_id");
        timing.ToJsonString().ShouldBe(
            """{"time_zone":"Europe/Berlin","time_zone_source":"fallback","rule":"local_time 02:30","local":"2026-10-25T02:30","due_at":"2026-10-25T00:30:00Z","adjustment":"overlap"}""");
    }

    [Theory]
    [InlineData("next_day", "scheduled", "2026-10-25T01:00:00Z")]
    [InlineData("skip", "missed", "2026-10-24T01:00:00Z")]
    [InlineData("send_now", "accepted", null)]
    public async Task What_has_passed_is_handled_as_the_schedule_says(string whenPassed, string state, string? dueAt)
    {
        await AddAsync(new { email = "east@shop.example", time_zone = "Asia/Tokyo", lists = (Guid[])[_scenario.ListId] });
        await AddAsync(new { email = "west@shop.example", time_zone = "America/Los_Angeles", lists = (Guid[])[_scenario.ListId] });
        var campaign = await _scenario.DraftAsync(new { strategy = "local_time", date = "2026-10-24", time = "10:00", when_passed = whenPassed });
        await _scenario.PlanAsync(campaign);
        await _scenario.LaunchAsync(campaign);

        var deliveries = await Eventually.Async(() => _scenario.DeliveriesAsync(campaign), d => d["east@shop.example"]["state"]!.GetValue<string>() == state, $"it is {state}");

        deliveries["west@shop.example"]["state"]!.GetValue<string>().ShouldBe("scheduled");
        if (dueAt is not null)
            deliveries["east@shop.example"]["timing"]!["due_at"]!.GetValue<string>().ShouldBe(dueAt);
    }

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
