using System.Net;
using CampaignHub.Server.Demo.Inbox;

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

    private static Task<System.Text.Json.Nodes.JsonObject> EndedAsync(Scenario scenario, Guid campaign) => Eventually.Async(
        async () => (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["deliveries"]!.AsObject(),
        s => s.All(state => state.Key is "accepted" or "cancelled"), "what is on the wire finishes, the rest is cancelled");

    private static Task<System.Text.Json.Nodes.JsonObject> PausedAsync(Scenario scenario, Guid campaign) => Eventually.Async(
        () => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["status"]!.GetValue<string>() == "paused", "the campaign is paused");
}
