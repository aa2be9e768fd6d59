using System.Net;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>What stops a campaign, and what lets it go on.</summary>
public sealed class ControlTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task Fifty_pauses_in_one_campaign_lose_nobody_and_send_nobody_anything_twice()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddManyAsync(500);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(5) };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        for (var i = 0; i < 50; i++)
        {
            await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/pause", null);
            await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/resume", null);
        }
        await scenario.FinishedAsync(campaign, seconds: 120);

        scenario.Sink.Messages.Select(m => m.Recipients.Single()).Distinct().Count().ShouldBe(500);
        scenario.Sink.MessageCount.ShouldBe(500);
    }

    [Fact]
    public async Task A_cancelled_campaign_begins_nothing_more_and_says_what_was_not_sent()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 1);
        await scenario.AddManyAsync(300);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(10) };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(5, CancellationToken.None);
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null).ExpectAsync(HttpStatusCode.Accepted);

        var states = await EndedAsync(scenario, campaign);
        states["accepted"]!.GetValue<int>().ShouldBe(scenario.Sink.MessageCount);
        states["cancelled"]!.GetValue<int>().ShouldBe(300 - scenario.Sink.MessageCount);
    }

    [Fact]
    public async Task A_campaign_of_many_is_cancelled_at_once_and_what_was_not_sent_is_given_up_by_and_by()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 1);
        await scenario.SeedAsync(fixture.Service, 12_000);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(10) };
        var campaign = await scenario.DraftAsync();
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(5, CancellationToken.None);
        var cancelled = await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null).ExpectAsync(HttpStatusCode.Accepted);
        cancelled["status"]!.GetValue<string>().ShouldBe("cancelled");
        cancelled["deliveries"]!["cancelled"]!.GetValue<int>().ShouldBeInRange(1, 5_000, "the request writes no more, however many there are");

        var states = await EndedAsync(scenario, campaign);
        states["accepted"]!.GetValue<int>().ShouldBe(scenario.Sink.MessageCount);
        states["cancelled"]!.GetValue<int>().ShouldBe(12_000 - scenario.Sink.MessageCount);
    }

    [Fact]
    public async Task A_message_that_is_deferred_after_its_campaign_was_cancelled_is_given_up_too()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddManyAsync(4);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(451, "4.3.0 later") with { Delay = TimeSpan.FromSeconds(2) };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(scenario.Sink.CommandCount("DATA")), count => count > 0, "a message is on the wire");
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null).ExpectAsync(HttpStatusCode.Accepted);

        (await EndedAsync(scenario, campaign))["cancelled"]!.GetValue<int>().ShouldBe(4);
    }

    [Theory]
    [InlineData("pause", "accepted")]
    [InlineData("cancel", "cancelled")]
    public async Task A_message_whose_mark_grew_old_and_whose_campaign_no_longer_sends_was_not_begun(string verb, string state)
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await using var slow = await SlowAsync(scenario, TimeSpan.FromSeconds(3));
        await scenario.AddAsync("ann@shop.example");
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(slow.CommandCount("RCPT")), count => count == 1, "its mark grows old");
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/{verb}", null).ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.Async(() => Task.FromResult(slow.CommandCount("RSET")), count => count == 1, "it is taken back before DATA");
        slow.Behaviour.OnRecipient = null;
        if (verb == "pause")
        {
            await Task.Delay(500);
            await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/resume", null).ExpectAsync(HttpStatusCode.Accepted);
        }

        await Eventually.Async(
            () => scenario.DeliveriesAsync(campaign), d => d["ann@shop.example"]["state"]!.GetValue<string>() == state, $"it ends {state}");
        slow.MessageCount.ShouldBe(verb == "pause" ? 1 : 0);
    }

    [Fact]
    public async Task Somebody_who_withdraws_while_the_mark_of_their_message_grows_old_is_suppressed()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await using var slow = await SlowAsync(scenario, TimeSpan.FromSeconds(3));
        var person = await scenario.AddAsync("ann@shop.example");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(slow.CommandCount("RCPT")), count => count == 1, "their mark grows old");
        await scenario.Http.PatchAsync($"/v1/recipients/{person}", new { consent = new { status = "withdrawn" } }, HttpStatusCode.OK);
        await scenario.FinishedAsync(campaign);

        (await scenario.DeliveriesAsync(campaign))["ann@shop.example"]["state"]!.GetValue<string>().ShouldBe("suppressed");
        slow.MessageCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_relay_that_takes_its_time_over_every_recipient_and_does_not_pipeline_gets_the_mail_all_the_same()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await using var slow = await SlowAsync(scenario, TimeSpan.FromSeconds(2.5));
        await scenario.AddAsync("ann@shop.example");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign, seconds: 30);

        slow.MessageCount.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_deferred_after_a_campaign_was_cancelled_by_an_earlier_version_is_given_up_after_the_upgrade()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddManyAsync(3);
        var campaign = await scenario.DraftAsync(new { strategy = "instant", at = "2099-01-01T10:00:00Z" });
        await scenario.PlanAsync(campaign);
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null).ExpectAsync(HttpStatusCode.Accepted);
        await EndedAsync(scenario, campaign);
        await Eventually.Async(async () => !await fixture.Service.HasRowAsync($"SELECT FROM campaignhub.campaigns WHERE campaign_id = '{campaign}' AND cancelling"), "it is done with");
        await fixture.Service.SqlAsync($"""
            UPDATE campaignhub.deliveries SET state = 'deferred', not_before = clock_timestamp() + interval '1 hour' WHERE campaign_id = '{campaign}';
            UPDATE campaignhub.claim_positions SET exhausted = false, claimed_to = '00000000-0000-0000-0000-000000000000' WHERE campaign_id = '{campaign}';
            """);

        var migration = Sources.All.Single(source => source.Path == "migrations/0074_cancelled_before.sql").Text;
        await fixture.Service.SqlAsync($"BEGIN; {migration} COMMIT;");

        await EndedAsync(scenario, campaign);
    }

    [Fact]
    public async Task A_sender_that_the_relay_refuses_pauses_the_campaign_with_the_reply_and_suppresses_nobody()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddManyAsync(20);
        scenario.Sink.Behaviour.OnMailFrom = _ => SinkReply.Of(550, "5.1.8 we don't know news@shop.example");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);

        var paused = await PausedAsync(scenario, campaign);
        paused["paused_reason"]!.GetValue<string>().ShouldContain("we don't know news@shop.example");
        (await scenario.Http.GetJsonAsync("/v1/suppressions"))["data"]!.AsArray().ShouldBeEmpty();

        scenario.Sink.Behaviour.OnMailFrom = null;
        var resumed = await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/resume", null).ExpectAsync(HttpStatusCode.Accepted);
        resumed["paused_reason"].ShouldBeNull();
    }

    [Fact]
    public async Task A_mail_domain_that_refuses_more_than_a_twentieth_as_spam_pauses_the_campaign_until_somebody_resumes_it()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddManyAsync(2_000);
        scenario.Sink.Behaviour.OnRecipient = to => to.EndsWith("@shop7.example", StringComparison.Ordinal) ? SinkReply.Of(550, "5.7.1 spam") : null;
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);

        var paused = await PausedAsync(scenario, campaign);
        paused["paused_reason"]!.GetValue<string>().ShouldStartWith("shop7.example refuses more than 5 %");
        (await scenario.Http.GetJsonAsync("/v1/suppressions"))["data"]!.AsArray().ShouldBeEmpty();

        scenario.Sink.Behaviour.OnRecipient = null;
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/resume", null).ExpectAsync(HttpStatusCode.Accepted);
        var counts = (await scenario.FinishedAsync(campaign))["deliveries"]!.AsObject();
        counts["rejected"]!.GetValue<int>().ShouldBeGreaterThan(10);
        counts.Sum(c => c.Value!.GetValue<int>()).ShouldBe(2_000);
    }

    /// <summary>Leads the scenario's relay to a sink that does not pipeline and thinks so long over each recipient.</summary>
    private async Task<SmtpSink> SlowAsync(Scenario scenario, TimeSpan delay)
    {
        var slow = SmtpSink.Start(new SmtpSinkOptions { Clock = fixture.Service.Get<IClock>(), Extensions = ["8BITMIME"] });
        slow.Behaviour.OnRecipient = _ => SinkReply.Of(250, "2.1.5 ok") with { Delay = delay };
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { port = slow.Port }, HttpStatusCode.OK);
        return slow;
    }

    private static Task<System.Text.Json.Nodes.JsonObject> EndedAsync(Scenario scenario, Guid campaign) => Eventually.Async(
        async () => (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["deliveries"]!.AsObject(),
        s => s.All(state => state.Key is "accepted" or "cancelled"), "what is on the wire finishes, the rest is cancelled");

    private static Task<System.Text.Json.Nodes.JsonObject> PausedAsync(Scenario scenario, Guid campaign) => Eventually.Async(
        () => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["status"]!.GetValue<string>() == "paused", "the campaign is paused");
}
