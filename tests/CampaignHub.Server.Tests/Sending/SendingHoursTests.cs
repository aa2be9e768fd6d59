using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>Quiet hours at the last moment: the plan is right, and the clock says something else when the mail is to go.</summary>
public sealed class SendingHoursTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async Task InitializeAsync() => _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-27T20:50:00Z");

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_retry_that_would_fall_into_quiet_hours_waits_for_their_end()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddAsync("ann@mail.example", "Etc/UTC");
        await scenario.AddAsync("ben@mail.example", "Europe/London");
        scenario.Sink.Behaviour.OnRecipient = _ => SinkReply.Of(451, "4.7.1 greylisted, come back");
        var campaign = await scenario.DraftAsync(new { strategy = "now", allowed_hours = new { from = "08:00", to = "21:00" } });

        await scenario.LaunchAsync(campaign);

        var deferred = await Eventually.Async(
            () => scenario.DeliveriesAsync(campaign), d => d.Count == 2 && d.Values.All(x => x["state"]!.GetValue<string>() == "deferred"), "both are deferred");
        deferred.Values.Select(Due).ShouldAllBe(due => due == "2026-11-28T08:00:00Z");
    }

    [Fact]
    public async Task What_is_due_in_the_night_is_put_off_to_the_morning_of_each_zone_and_nothing_is_sent()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddAsync("ann@mail.example", "Etc/UTC");
        await scenario.AddAsync("kim@mail.example", "Asia/Tokyo");
        var campaign = await scenario.DraftAsync(new
        {
            strategy = "local_time",
            date = "2026-12-24",
            time = "10:00",
            allowed_hours = new { from = "08:00", to = "20:00" },
        });
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["status"]!.GetValue<string>() == "scheduled", "it is launched");

        // As after a wave that took until the night. It is 20:50 in UTC, and 05:50 of the next day in Tokyo.
        await _service.SqlAsync($"""
            UPDATE campaignhub.waves SET status = 'running' WHERE campaign_id = '{campaign}';
            UPDATE campaignhub.campaigns SET status = 'sending' WHERE campaign_id = '{campaign}';
            """);

        var put = await Eventually.Async(
            () => scenario.DeliveriesAsync(campaign), d => d.Values.All(x => Due(x).StartsWith("2026-11", StringComparison.Ordinal)), "both are put off");
        (Due(put["ann@mail.example"]), Due(put["kim@mail.example"])).ShouldBe(("2026-11-28T08:00:00Z", "2026-11-27T23:00:00Z"));
        put.Values.Select(x => (x["state"]!.GetValue<string>(), x["attempts"]!.GetValue<int>())).Distinct().ShouldBe([("scheduled", 0)]);
        scenario.Sink.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_holiday_that_is_taken_back_while_the_campaign_sends_holds_nobody_back()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var ann = await scenario.AddAsync("ann@mail.example", "Etc/UTC");
        await scenario.AddAsync("ben@mail.example", "Etc/UTC");
        await scenario.Http.PatchAsync($"/v1/recipients/{ann}", new { country = "DE" }, HttpStatusCode.OK);
        await HolidaysAsync("2026-11-27");
        var campaign = await scenario.DraftAsync(new
        {
            strategy = "local_time",
            date = "2026-11-27",
            time = "20:30",
            when_passed = "send_now",
            allowed_days = (string[])["mon", "tue", "wed", "thu", "fri"],
        });
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(1, CancellationToken.None);
        Due((await scenario.DeliveriesAsync(campaign))["ann@mail.example"]).ShouldBe("2026-11-30T20:30:00Z");

        await HolidaysAsync();
        await Eventually.Async(() => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan"), p => p["moves"]!.AsArray().Count == 1, "the plan follows");

        await scenario.FinishedAsync(campaign);
        scenario.Sink.Messages.Select(m => m.Recipients.Single()).ShouldBe(["ben@mail.example", "ann@mail.example"]);

        Task HolidaysAsync(params string[] dates) => scenario.Http.PutAsync("/v1/holidays", new { countries = new { DE = dates } }, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_campaign_with_a_rate_sends_no_more_than_it_allows()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(5);
        var campaign = await scenario.DraftAsync(new { strategy = "now", rate = 1 });

        await scenario.LaunchAsync(campaign);

        await Eventually.Async(() => Task.FromResult(scenario.Sink.Messages.Count), sent => sent > 0, "one is sent");
        // A second campaign begins after the first has asked again, and is done: the first had its chance.
        var other = await scenario.DraftAsync();
        await scenario.LaunchAsync(other);
        await scenario.FinishedAsync(other);
        var counts = (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["deliveries"]!;
        (counts["accepted"]!.GetValue<int>(), counts["scheduled"]!.GetValue<int>()).ShouldBe((1, 4));
    }

    private static string Due(JsonObject delivery) => delivery["due_at"]!.GetValue<string>();
}
