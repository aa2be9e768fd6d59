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
        // Those by whom it was found out are deferred for minutes.
        await Eventually.Async(() => Task.FromResult(singapore.MessageCount >= People + 2 * People - 4), "all others have it");
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null).ExpectAsync(HttpStatusCode.Accepted);
        frankfurt.MessageCount.ShouldBe(People);

        (frankfurt.Behaviour.OnConnect, frankfurt.Behaviour.OnMailFrom) = (null, null);
        await Eventually.Async(async () => { await SendAsync(scenario); return frankfurt.MessageCount > People; }, "it is tried again");
        var before = (frankfurt.MessageCount, singapore.MessageCount);
        await SendAsync(scenario);
        (frankfurt.MessageCount, singapore.MessageCount).ShouldBe((before.Item1 + People, before.Item2 + People));
    }

    private static string CountryOf(SinkMessage message) => message.Recipients.Single()[..2];

    private static async Task SendAsync(Scenario scenario)
    {
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);
    }
}
