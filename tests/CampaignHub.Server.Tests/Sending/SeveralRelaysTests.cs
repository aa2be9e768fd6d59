using System.Net;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

public sealed class SeveralRelaysTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const int People = 20;

    [Fact]
    public async Task Mail_leaves_through_the_relay_of_the_recipients_region_through_another_while_that_is_away_and_through_it_again_afterwards()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 2);
        await using var singapore = SmtpSink.Start(new SmtpSinkOptions { Clock = fixture.Service.Get<IClock>() });
        var frankfurt = scenario.Sink;
        await scenario.Http.PutAsync("/v1/relay-regions", new { regions = new { frankfurt = (string[])["DE"], singapore = (string[])["JP"] } }, HttpStatusCode.OK);
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { region = "frankfurt" }, HttpStatusCode.OK);
        await scenario.Http.PostAsync("/v1/relays", new { name = "second", host = "127.0.0.1", port = singapore.Port, tls = "none", max_connections = 2, region = "singapore" }, HttpStatusCode.Created);
        await scenario.AddManyAsync(People, i => $"de{i}@shop.example", "DE");
        await scenario.AddManyAsync(People, i => $"jp{i}@shop.example", "JP");

        await SendAsync(scenario);
        frankfurt.Messages.Select(CountryOf).ShouldBe(Enumerable.Repeat("de", People));
        singapore.Messages.Select(CountryOf).ShouldBe(Enumerable.Repeat("jp", People));

        // On connections that are open still, too.
        var closed = new SinkReply(421, "4.3.2 Closed for a while");
        (frankfurt.Behaviour.OnConnect, frankfurt.Behaviour.OnMailFrom) = (_ => closed, _ => closed);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);
        singapore.MessageCount.ShouldBe(People + 2 * People, "those by whom it was found out, too");
        frankfurt.MessageCount.ShouldBe(People);

        (frankfurt.Behaviour.OnConnect, frankfurt.Behaviour.OnMailFrom) = (null, null);
        await Eventually.Async(async () => { await SendAsync(scenario); return frankfurt.MessageCount > People; }, "it is tried again");
        var before = (frankfurt.MessageCount, singapore.MessageCount);
        await SendAsync(scenario);
        (frankfurt.MessageCount, singapore.MessageCount).ShouldBe((before.Item1 + People, before.Item2 + People));
    }

    [Fact]
    public async Task What_waits_for_a_relay_that_is_disabled_meanwhile_goes_through_another()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 2);
        await using var other = SmtpSink.Start(new SmtpSinkOptions { Clock = fixture.Service.Get<IClock>() });
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { max_per_second = 1 }, HttpStatusCode.OK);
        await scenario.Http.PostAsync("/v1/relays", new { name = "second", host = "127.0.0.1", port = other.Port, tls = "none" }, HttpStatusCode.Created);
        await scenario.AddManyAsync(200);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(1, CancellationToken.None);
        await Eventually.Async(() => Task.FromResult(other.MessageCount), count => count > 50, "the other one has had its part");

        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { enabled = false }, HttpStatusCode.OK);
        await scenario.FinishedAsync(campaign);

        (scenario.Sink.MessageCount + other.MessageCount).ShouldBe(200);
        scenario.Sink.MessageCount.ShouldBeLessThan(50, "a hundred or so had been routed to it, one a second");
    }

    [Fact]
    public async Task A_resend_waits_for_the_relay_whose_headers_are_part_of_its_bytes()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 1);
        await using var other = SmtpSink.Start(new SmtpSinkOptions { Clock = fixture.Service.Get<IClock>() });
        await scenario.Http.PutAsync("/v1/relay-regions", new { regions = new { frankfurt = (string[])["DE"], singapore = (string[])["JP"] } }, HttpStatusCode.OK);
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { region = "frankfurt", headers = new Dictionary<string, string> { ["X-Stream"] = "news" } }, HttpStatusCode.OK);
        await scenario.Http.PostAsync("/v1/relays", new { name = "second", host = "127.0.0.1", port = other.Port, tls = "none", region = "singapore" }, HttpStatusCode.Created);
        await scenario.AddManyAsync(3, i => $"de{i}@shop.example", "DE");
        var closed = new SinkReply(421, "4.3.2 Closed for a while");
        scenario.Sink.Behaviour.OnMessage = _ =>
        {
            (scenario.Sink.Behaviour.OnConnect, scenario.Sink.Behaviour.OnMessage) = (_ => closed, null);
            return SinkReply.DropUnanswered;
        };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await other.WaitForAsync(2, CancellationToken.None);
        await Eventually.Async(
            () => fixture.Service.HasRowAsync($"SELECT FROM campaignhub.deliveries WHERE campaign_id = '{campaign}' AND resends = 1 AND not_before > clock_timestamp() + interval '4 minutes'"),
            "it is put off");
        scenario.Sink.Behaviour.OnConnect = null;
        await Eventually.Async(async () =>
        {
            await fixture.Service.SqlAsync($"UPDATE campaignhub.deliveries SET not_before = clock_timestamp() WHERE campaign_id = '{campaign}' AND not_before IS NOT NULL");
            return scenario.Sink.MessageCount > 1;
        }, "its relay is tried again");

        (await scenario.FinishedAsync(campaign))["deliveries"]!["accepted"]!.GetValue<int>().ShouldBe(3);
        scenario.Sink.Messages.Select(m => m.Recipients.Single()).ShouldBe(Enumerable.Repeat(scenario.Sink.Messages[0].Recipients.Single(), 2));
        other.MessageCount.ShouldBe(2);
    }

    private static string CountryOf(SinkMessage message) => message.Recipients.Single()[..2];

    private static async Task SendAsync(Scenario scenario)
    {
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);
    }
}
