using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

public sealed class ShutdownTests
{
    private const int People = 400;

    [Fact]
    public async Task Asked_to_end_in_mid_wave_it_finishes_what_is_on_the_wire_and_leaves_nothing_uncertain()
    {
        await using var child = await ChildService.StartAsync();
        var (scenario, campaign) = await SendAsync(child, firstAnswer: TimeSpan.FromMilliseconds(50));
        await using (scenario)
        {
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

    [Fact]
    public async Task An_answer_that_comes_late_while_it_ends_is_waited_for_and_stored()
    {
        await using var child = await ChildService.StartAsync();
        var (scenario, campaign) = await SendAsync(child, firstAnswer: TimeSpan.FromSeconds(6));
        await using (scenario)
        {
            (await child.TerminateAsync()).ShouldBe(0);
            await child.StartAgainAsync();
            var finished = await scenario.FinishedAsync(campaign, seconds: 120);
            finished["deliveries"]!.AsObject().Select(s => (s.Key, s.Value!.GetValue<int>())).ShouldBe([("accepted", People)]);
            scenario.Sink.MessageCount.ShouldBe(People);
        }
    }

    [Fact]
    public async Task Where_the_answer_to_one_final_dot_does_not_come_it_ends_all_the_same_and_that_message_alone_is_uncertain()
    {
        await using var child = await ChildService.StartAsync();
        var (scenario, campaign) = await SendAsync(child, firstAnswer: TimeSpan.FromMinutes(5));
        await using (scenario)
        {
            // Were it to wait for the answer, that message would be accepted.
            (await child.TerminateAsync()).ShouldBe(0);
            await child.StartAgainAsync();
            var finished = await scenario.FinishedAsync(campaign, seconds: 120);
            finished["deliveries"]!.AsObject().Select(s => (s.Key, s.Value!.GetValue<int>())).ShouldBe([("accepted", People - 1), ("held", 1)], ignoreOrder: true);
            scenario.Sink.MessageCount.ShouldBe(People);
        }
    }

    /// <summary>A campaign in mid-wave, of which the answer to the first message is still to come.</summary>
    private static async Task<(Scenario Scenario, Guid Campaign)> SendAsync(ChildService child, TimeSpan firstAnswer)
    {
        var scenario = await Scenario.StartAsync(child, People);
        var messages = 0;
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with
        {
            Delay = Interlocked.Increment(ref messages) == 1 ? firstAnswer : TimeSpan.FromMilliseconds(50),
        };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(People / 8, CancellationToken.None);
        return (scenario, campaign);
    }
}
