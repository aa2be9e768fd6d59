using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Time;
using CampaignHub.Server.Scheduling;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>What happens to launched campaigns whose instants no longer are the right ones.</summary>
public sealed class PlanMoveTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-10-24T12:00:00Z");
        _scenario = await Scenario.StartAsync(_service);
        await _scenario.AddAsync("tokyo@shop.example", "Asia/Tokyo");
        await _scenario.AddAsync("berlin@shop.example", "Europe/Berlin");
    }

    [Theory]
    [InlineData("next_day", "scheduled", "2026-10-25T13:00:00Z")]
    [InlineData("skip", "missed", null)]
    [InlineData("send_now", "scheduled", "2026-10-24T23:00:00Z")]
    public async Task A_wave_over_whose_instant_the_service_was_down_follows_the_rule_and_never_goes_at_night(string whenPassed, string state, string? dueAt)
    {
        // 22:00 in Tokyo is 13:00Z; at 17:00Z it is 02:00 there, and in Berlin still before 22:00.
        var campaign = await LaunchedAsync(new { strategy = "local_time", date = "2026-10-24", time = "22:00", when_passed = whenPassed, allowed_hours = new { from = "08:00", to = "23:00" } });

        _service.Get<BusinessClock>().StepTo(InstantPattern.ExtendedIso.Parse("2026-10-24T17:00:00Z").Value);

        var plan = await MovedAsync(campaign);
        var move = plan["moves"]!.AsArray().ShouldHaveSingleItem()!;
        (move["reason"]!.GetValue<string>(), move["time_zone"]!.GetValue<string>(), move["due_before"]!.GetValue<string>(), move["due_after"]?.GetValue<string>(), move["recipients"]!.GetValue<int>())
            .ShouldBe(("late", "Asia/Tokyo", "2026-10-24T13:00:00Z", dueAt, 1));
        var deliveries = await _scenario.DeliveriesAsync(campaign);
        deliveries["tokyo@shop.example"]["state"]!.GetValue<string>().ShouldBe(state);
        deliveries["berlin@shop.example"]["due_at"]!.GetValue<string>().ShouldBe("2026-10-24T20:00:00Z");
        plan["instants"]!.AsArray().Where(i => i!["wave_id"] is not null).Select(i => i!["due_at"]!.GetValue<string>())
            .ShouldBe(dueAt is null ? ["2026-10-24T20:00:00Z"] : ["2026-10-24T20:00:00Z", dueAt]);
        _scenario.Sink.MessageCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_campaign_of_which_everybody_was_skipped_finishes()
    {
        var campaign = await LaunchedAsync(new { strategy = "instant", at = "2026-10-24T13:00:00Z", when_passed = "skip" });
        _service.Get<BusinessClock>().StepTo(InstantPattern.ExtendedIso.Parse("2026-10-24T17:00:00Z").Value);
        await _scenario.FinishedAsync(campaign);
        (await _scenario.DeliveriesAsync(campaign)).Values.ShouldAllBe(d => d["state"]!.GetValue<string>() == "missed");
    }

    [Fact]
    public async Task New_time_zone_data_moves_what_waits_after_a_preview_that_moves_nothing()
    {
        var campaign = await LaunchedAsync(new { strategy = "local_time", date = "2026-10-26", time = "10:00" });
        // As an older edition had computed it, by which Berlin's clocks did not go back.
        await _service.SqlAsync($"""
            UPDATE campaignhub.plan_zones SET due_at = '2026-10-26T08:00:00Z' WHERE time_zone = 'Europe/Berlin' AND campaign_id = '{campaign}';
            UPDATE campaignhub.waves SET due_at = '2026-10-26T08:00:00Z' WHERE due_at = '2026-10-26T09:00:00Z' AND campaign_id = '{campaign}'
            """);

        var preview = await _scenario.Http.PostAsync($"/v1/campaigns/{campaign}/plan", null).ExpectAsync(HttpStatusCode.OK);

        preview["moves"]!.ToJsonString().ShouldBe(
            """[{"moved_at":null,"reason":null,"time_zone":"Europe/Berlin","due_before":"2026-10-26T08:00:00Z","due_after":"2026-10-26T09:00:00Z","recipients":1}]""");
        (await PlanAsync(campaign))["moves"]!.AsArray().ShouldBeEmpty();
        (await _scenario.DeliveriesAsync(campaign))["berlin@shop.example"]["due_at"]!.GetValue<string>().ShouldBe("2026-10-26T08:00:00Z");

        await _service.SqlAsync($"UPDATE campaignhub.plans SET tzdb = '2020a' WHERE campaign_id = '{campaign}'");

        var plan = await MovedAsync(campaign);
        plan["tzdb"]!.GetValue<string>().ShouldBe(TimeZoneData.Edition);
        plan["moves"]!.AsArray().ShouldHaveSingleItem()!["reason"]!.GetValue<string>().ShouldBe("time_zone_data");
        plan["instants"]!.AsArray().Select(i => $"{i!["due_at"]} {i["wave_status"]} {i["recipients"]}")
            .ShouldBe(["2026-10-26T01:00:00Z waiting 1", "2026-10-26T09:00:00Z waiting 1"]);
        (await _scenario.DeliveriesAsync(campaign)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Somebody_whose_zone_changes_goes_with_the_new_one_and_what_has_passed_there_follows_the_rule()
    {
        // At 12:00Z it is 21:00 in Tokyo, 14:00 in Berlin and 08:00 in New York.
        var east = await _scenario.AddAsync("moved@shop.example", "America/New_York");
        await _scenario.AddAsync("stays@shop.example", "America/New_York");
        var west = await _scenario.AddAsync("west@shop.example", "Europe/Berlin");
        var campaign = await LaunchedAsync(new { strategy = "local_time", date = "2026-10-24", time = "20:00" });
        await _scenario.Http.PatchAsync($"/v1/recipients/{east}", new { time_zone = "Asia/Tokyo" }, HttpStatusCode.OK);
        await _scenario.Http.PatchAsync($"/v1/recipients/{west}", new { time_zone = "Europe/London" }, HttpStatusCode.OK);

        await PeopleMoves.FollowAsync(
            _service.Get<Database>(), _scenario.Tenant.Id, campaign, _service.Get<BusinessClock>().GetCurrentInstant(), CancellationToken.None);

        var deliveries = await _scenario.DeliveriesAsync(campaign);
        deliveries.ToDictionary(d => d.Key, d => $"{d.Value["timing"]!["time_zone"]} {d.Value["due_at"]} {d.Value["state"]}", StringComparer.Ordinal)
            .Where(d => d.Key is "moved@shop.example" or "stays@shop.example" or "west@shop.example").OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => d.Value)
            .ShouldBe(
            [
                "Asia/Tokyo 2026-10-25T11:00:00Z scheduled",
                "America/New_York 2026-10-25T00:00:00Z scheduled",
                "Europe/London 2026-10-24T19:00:00Z scheduled",
            ]);
        var plan = await PlanAsync(campaign);
        plan["moves"]!.AsArray().Select(m => $"{m!["reason"]} {m["time_zone"]} {m["due_before"]} {m["due_after"]} {m["recipients"]}").Order(StringComparer.Ordinal)
            .ShouldBe(["time_zone Asia/Tokyo 2026-10-25T00:00:00Z 2026-10-25T11:00:00Z 1", "time_zone Europe/London 2026-10-24T18:00:00Z 2026-10-24T19:00:00Z 1"]);
        plan["instants"]!.AsArray().Sum(i => i!["recipients"]!.GetValue<int>()).ShouldBe(5);
    }

    [Fact]
    public async Task Changed_holidays_move_people_of_their_country_after_a_preview_that_moves_nothing()
    {
        foreach (var (email, country) in new[] { ("seoul@shop.example", "KR"), ("kyoto@shop.example", "JP") })
            await _scenario.Http.PatchAsync($"/v1/recipients/{await _scenario.AddAsync(email, "Asia/Tokyo")}", new { country }, HttpStatusCode.OK);
        var campaign = await LaunchedAsync(new { strategy = "local_time", date = "2026-10-26", time = "10:00", allowed_days = (string[])["mon", "tue", "wed", "thu", "fri"] });
        // As a change that no worker has followed yet.
        await _service.SqlAsync($"INSERT INTO campaignhub.holidays (tenant_id, country, date) VALUES ('{_scenario.Tenant.Id}', 'JP', '2026-10-26')");

        var preview = await _scenario.Http.PostAsync($"/v1/campaigns/{campaign}/plan", null).ExpectAsync(HttpStatusCode.OK);

        preview["moves"]!.ToJsonString().ShouldBe(
            """[{"moved_at":null,"reason":null,"time_zone":"Asia/Tokyo","due_before":"2026-10-26T01:00:00Z","due_after":"2026-10-27T01:00:00Z","recipients":1}]""");
        (await PlanAsync(campaign))["moves"]!.AsArray().ShouldBeEmpty();

        await ReplaceAsync("2026-10-26");
        Told(await MovedAsync(campaign)).ShouldBe(["holidays Asia/Tokyo 2026-10-26T01:00:00Z 2026-10-27T01:00:00Z 1"]);
        (await DuesAsync(campaign)).ShouldBe(["2026-10-26T01:00:00Z", "2026-10-26T01:00:00Z", "2026-10-26T09:00:00Z", "2026-10-27T01:00:00Z"]);

        // Of a country that has a place of its own by now, the place is moved: further, and back.
        await ReplaceAsync("2026-10-26", "2026-10-27");
        Told(await MovedAsync(campaign, 2))[1].ShouldBe("holidays Asia/Tokyo 2026-10-27T01:00:00Z 2026-10-28T01:00:00Z 1");
        await ReplaceAsync();
        Told(await MovedAsync(campaign, 3))[2].ShouldBe("holidays Asia/Tokyo 2026-10-28T01:00:00Z 2026-10-26T01:00:00Z 1");
        (await DuesAsync(campaign)).ShouldBe(["2026-10-26T01:00:00Z", "2026-10-26T01:00:00Z", "2026-10-26T01:00:00Z", "2026-10-26T09:00:00Z"]);

        Task ReplaceAsync(params string[] dates) => _scenario.Http.PutAsync("/v1/holidays", new { countries = new { JP = dates } }, HttpStatusCode.OK);
        static string[] Told(JsonObject plan) => [.. plan["moves"]!.AsArray().Select(m => $"{m!["reason"]} {m["time_zone"]} {m["due_before"]} {m["due_after"]} {m["recipients"]}")];
    }

    private async Task<string[]> DuesAsync(Guid campaign) =>
        [.. (await _scenario.DeliveriesAsync(campaign)).Values.Select(d => d["due_at"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    private async Task<Guid> LaunchedAsync(object schedule)
    {
        var campaign = await _scenario.DraftAsync(schedule);
        await _scenario.PlanAsync(campaign);
        await _scenario.LaunchAsync(campaign);
        return campaign;
    }

    private Task<JsonObject> PlanAsync(Guid campaign) => _scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan");

    private Task<JsonObject> MovedAsync(Guid campaign, int times = 1) => Eventually.Async(
        () => PlanAsync(campaign), p => p["moves"]!.AsArray().Count >= times, "it is moved");

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }
}
