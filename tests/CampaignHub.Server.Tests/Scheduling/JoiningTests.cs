using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Time;
using CampaignHub.Server.Scheduling;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>People who come into the audience of a campaign after its launch.</summary>
public sealed class JoiningTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-24T12:00:00Z");
        _scenario = await Scenario.StartAsync(_service);
        await _scenario.AddAsync("berlin@shop.example", "Europe/Berlin");
        await _scenario.AddAsync("new-york@shop.example", "America/New_York");
    }

    [Fact]
    public async Task Who_enters_before_their_own_instant_is_planned_by_the_same_rule_and_nobody_after_it()
    {
        // 10:00 on the 25th: Auckland at 21:00Z on the 24th, Berlin at 09:00Z, New York at 15:00Z.
        var campaign = await LaunchedAsync("until_passed", new { strategy = "local_time", date = "2026-11-25", time = "10:00" });
        await _scenario.AddAsync("auckland@shop.example", "Pacific/Auckland");
        await _scenario.AddAsync("berlin2@shop.example", "Europe/Berlin");
        var unsure = await _scenario.Http.PostAsync("/v1/recipients", new { email = "no@shop.example", consent = new { status = "unknown" }, lists = (Guid[])[_scenario.ListId] }, HttpStatusCode.Created);

        await JoinAsync(campaign);
        await JoinAsync(campaign);

        var plan = await _scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan");
        (plan["recipients"]!.GetValue<int>(), plan["joined"]!.GetValue<int>()).ShouldBe((4, 2));
        Instants(plan).ShouldBe(["2026-11-24T21:00:00Z waiting 1", "2026-11-25T09:00:00Z waiting 2", "2026-11-25T15:00:00Z waiting 1"]);
        (await _scenario.DeliveriesAsync(campaign))["auckland@shop.example"]["timing"]!["explanation"]!.GetValue<string>()
            .ShouldBe("10:00 on Wednesday 25 November in Pacific/Auckland, as given; no change");

        // In Berlin it is past 10:00 now: whoever comes from there is too late, and so is Tokyo; Los Angeles is still ahead.
        await SentAsync("2026-11-24T21:00:30Z", 1);
        await SentAsync("2026-11-25T09:00:30Z", 3);
        await _scenario.AddAsync("berlin3@shop.example", "Europe/Berlin");
        await _scenario.AddAsync("tokyo@shop.example", "Asia/Tokyo");
        await _scenario.AddAsync("los-angeles@shop.example", "America/Los_Angeles");
        await _scenario.Http.PatchAsync($"/v1/recipients/{unsure["id"]}", new { consent = new { status = "granted" }, time_zone = "America/New_York" }, HttpStatusCode.OK);
        await JoinAsync(campaign);
        Instants(await _scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan")).ShouldBe(
            ["2026-11-24T21:00:00Z done 1", "2026-11-25T09:00:00Z done 2", "2026-11-25T15:00:00Z waiting 2", "2026-11-25T18:00:00Z waiting 1"]);

        // With the last instant the audience is closed, and the campaign finishes.
        await SentAsync("2026-11-25T15:00:30Z", 5);
        await SentAsync("2026-11-25T18:00:30Z", 6);
        await _scenario.FinishedAsync(campaign);
        (await _scenario.DeliveriesAsync(campaign)).Keys.Order(StringComparer.Ordinal).ShouldBe(
            ["auckland@shop.example", "berlin2@shop.example", "berlin@shop.example", "los-angeles@shop.example", "new-york@shop.example", "no@shop.example"]);
    }

    [Fact]
    public async Task Who_enters_at_the_last_moment_is_taken_along_by_the_wave_itself()
    {
        var campaign = await LaunchedAsync("until_passed", new { strategy = "local_time", date = "2026-11-25", time = "10:00" });
        StepTo("2026-11-25T08:59:59Z");
        await _scenario.AddAsync("late@shop.example", "Europe/Berlin");
        await SentAsync("2026-11-25T09:00:01Z", 2);
        (await _scenario.DeliveriesAsync(campaign))["late@shop.example"]["state"]!.GetValue<string>().ShouldBe("accepted");
    }

    [Fact]
    public async Task Who_joins_a_campaign_with_the_best_hour_gets_one_that_is_still_ahead()
    {
        var campaign = await LaunchedAsync("until_passed", new { strategy = "best_time", date = "2026-11-25", allowed_hours = new { from = "08:00", to = "21:00" }, holdout = 0, explore = 0 });
        StepTo("2026-11-25T08:30:00Z");
        await _scenario.AddAsync("tokyo@shop.example", "Asia/Tokyo");
        await JoinAsync(campaign);
        // 17:30 there: of the hours from 08:00 to 20:00 the first after the fixed one that is ahead.
        (await _scenario.DeliveriesAsync(campaign))["tokyo@shop.example"]["timing"]!["local"]!.GetValue<string>().ShouldBe("2026-11-25T18:00");
    }

    [Fact]
    public async Task Who_is_deleted_while_they_join_gets_nothing_and_leaves_no_address_behind()
    {
        var campaign = await LaunchedAsync("until_passed", new { strategy = "local_time", date = "2026-11-25", time = "10:00" });
        Task joining;
        await using (var standstill = await Standstill.AfterAsync(_service.ConnectionString, "INSERT ON campaignhub.deliveries"))
        {
            var gone = await _scenario.AddAsync("goes@shop.example", "Europe/Berlin");
            joining = JoinAsync(campaign);
            await standstill.ReachedAsync("their delivery is written");
            await _scenario.Http.DeleteAsync($"/v1/recipients/{gone}").ExpectAsync(HttpStatusCode.NoContent);
        }
        await joining;

        await using var transaction = await _service.Get<Database>().BeginAsync(_scenario.Tenant.Id, default);
        (await transaction.QueryAsync<(string State, string? Email)>(
            "SELECT state, email FROM deliveries WHERE tenant_id = @TenantId ORDER BY email", new { transaction.TenantId }))
            .ShouldBe([("scheduled", "berlin@shop.example"), ("scheduled", "new-york@shop.example"), ("cancelled", null)]);
    }

    [Fact]
    public async Task Where_nobody_comes_what_all_people_read_is_not_looked_at()
    {
        var campaign = await LaunchedAsync("until_passed", new { strategy = "best_time", date = "2026-11-25", allowed_hours = new { from = "08:00", to = "21:00" } });
        await using var transaction = await _service.Get<Database>().BeginAsync(_scenario.Tenant.Id, default);
        await transaction.ExecuteAsync("LOCK TABLE reading_habits IN ACCESS EXCLUSIVE MODE");
        await JoinAsync(campaign).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_frozen_audience_takes_nobody()
    {
        var campaign = await LaunchedAsync("frozen", new { strategy = "local_time", date = "2026-11-25", time = "10:00" });
        await _scenario.AddAsync("auckland@shop.example", "Pacific/Auckland");
        await JoinAsync(campaign);
        (await _scenario.DeliveriesAsync(campaign)).Count.ShouldBe(2);
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }

    private async Task<Guid> LaunchedAsync(string joining, object schedule)
    {
        var campaign = await _scenario.DraftAsync(schedule);
        var changed = await _scenario.Http.PatchAsync($"/v1/campaigns/{campaign}", new { audience = new { list_ids = (Guid[])[_scenario.ListId], joining } }, HttpStatusCode.OK);
        changed["audience"]!["joining"]!.GetValue<string>().ShouldBe(joining);
        await _scenario.PlanAsync(campaign);
        await _scenario.LaunchAsync(campaign);
        return campaign;
    }

    private Task JoinAsync(Guid campaign) => PeopleJoining.JoinAsync(
        _service.Get<Database>(), _scenario.Tenant.Id, campaign, _service.Get<BusinessClock>().GetCurrentInstant(), CancellationToken.None);

    private async Task SentAsync(string instant, int messages)
    {
        StepTo(instant);
        await Eventually.Async(() => Task.FromResult(_scenario.Sink.MessageCount), count => count == messages, $"what was due by {instant} is sent");
    }

    private void StepTo(string instant) => _service.Get<BusinessClock>().StepTo(InstantPattern.ExtendedIso.Parse(instant).Value);

    private static IEnumerable<string> Instants(JsonObject plan) =>
        plan["instants"]!.AsArray().Select(i => $"{i!["due_at"]} {i["wave_status"]} {i["recipients"]}");
}
