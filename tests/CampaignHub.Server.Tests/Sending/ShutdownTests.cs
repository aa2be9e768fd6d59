using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

public sealed class ShutdownTests
{
    private const int People = 400;

    [Fact]
    public async Task Asked_to_end_in_mid_wave_it_finishes_what_is_on_the_wire_and_leaves_nothing_uncertain()
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, People);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(50) };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(People / 8, CancellationToken.None);

        (await child.TerminateAsync()).ShouldBe(0);
        var sent = scenario.Sink.MessageCount;
        sent.ShouldBeLessThan(People);
        await child.StartAgainAsync();
        var states = (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["deliveries"]!.AsObject();
        states.Select(s => s.Key).ShouldNotContain("held");

        var finished = await scenario.FinishedAsync(campaign, seconds: 120);
        finished["deliveries"]!.AsObject().Select(s => (s.Key, s.Value!.GetValue<int>())).ShouldBe([("accepted", People)]);
        scenario.Sink.MessageCount.ShouldBe(People);
    }
}
