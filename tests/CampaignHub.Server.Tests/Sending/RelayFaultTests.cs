using System.Net;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>Faults of a relay in mid-campaign: its owner is told, and nobody who is written to pays for them.</summary>
public sealed class RelayFaultTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task A_relay_that_refuses_the_login_is_paused_its_owner_is_told_once_and_nobodys_attempt_is_spent()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Clock = fixture.Service.Get<IClock>(), Login = new SinkLogin("shop", "right") });
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { port = sink.Port, username = "shop", password = "wrong" }, HttpStatusCode.OK);
        await scenario.AddManyAsync(20);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);

        var paused = await Eventually.Async(
            () => scenario.Http.GetJsonAsync($"/v1/relays/{scenario.RelayId}"), r => r["status"]!.GetValue<string>() == "paused", "the relay is paused");
        var reason = paused["paused_reason"]!.GetValue<string>();
        reason.ShouldStartWith("535 ");
        var told = await Eventually.Async(() => scenario.Http.GetJsonAsync("/v1/events?type=relay.paused"), f => f["data"]!.AsArray().Count > 0, "the event is numbered");
        var only = told["data"]!.AsArray().ShouldHaveSingleItem()!;
        (only["relay_id"]!.GetValue<Guid>(), only["reason"]!.GetValue<string>()).ShouldBe((scenario.RelayId, reason));
        await Eventually.Async(async () => (await scenario.DeliveriesAsync(campaign)).Values.All(d => d["state"]!.GetValue<string>() is "scheduled" or "deferred"), "nothing is under way");
        (await scenario.DeliveriesAsync(campaign)).Values.ShouldAllBe(d => d["attempts"]!.GetValue<int>() == 0);

        // Those by whom it was found out are due minutes later; all others at once.
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { password = "right" }, HttpStatusCode.OK);
        await Eventually.Async(() => Task.FromResult(sink.MessageCount), count => count >= 16, "mail flows again");
    }

    [Fact]
    public async Task A_relay_that_sends_too_much_for_its_provider_is_slowed_and_what_it_sent_back_leaves_through_another()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await using var other = SmtpSink.Start(new SmtpSinkOptions { Clock = fixture.Service.Get<IClock>() });
        await scenario.Http.PostAsync("/v1/relays", new { name = "second", host = "127.0.0.1", port = other.Port, tls = "none" }, HttpStatusCode.Created);
        await scenario.AddManyAsync(40);
        scenario.Sink.Behaviour.OnMailFrom = _ => SinkReply.Of(454, "4.7.0 Throttling failure: Maximum sending rate exceeded");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);

        await scenario.FinishedAsync(campaign);
        other.MessageCount.ShouldBe(40);
        (await scenario.DeliveriesAsync(campaign)).Values.ShouldAllBe(d => d["attempts"]!.GetValue<int>() == 1 && d["state"]!.GetValue<string>() == "accepted");
        (await scenario.Http.GetJsonAsync($"/v1/relays/{scenario.RelayId}"))["pace"]!.GetValue<double>().ShouldBeLessThanOrEqualTo(0.5);
    }
}
