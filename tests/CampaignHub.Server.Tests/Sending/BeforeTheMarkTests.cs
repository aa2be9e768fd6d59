using System.Net;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>What is read again right before a message leaves, and what a node that comes back finds of its own.</summary>
public sealed class BeforeTheMarkTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task Whoever_unsubscribes_is_suppressed_or_deleted_after_their_mail_was_claimed_gets_none()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 1);
        var people = new Dictionary<string, Guid>();
        foreach (var name in (string[])["ann", "bob", "eve", "joe"])
            people[$"{name}@example.com"] = await scenario.AddAsync($"{name}@example.com");
        using var answered = new ManualResetEventSlim();
        scenario.Sink.Behaviour.OnMessage = _ =>
        {
            answered.Wait(TimeSpan.FromMinutes(1));
            return null;
        };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(scenario.Sink.CommandCount("DATA")), count => count == 1, "the first is on the wire");
        var claimed = (await Eventually.Async(() => scenario.DeliveriesAsync(campaign), d => d.Values.Count(one => one["state"]!.GetValue<string>() == "leased") == 3, "the others are claimed"))
            .Where(d => d.Value["state"]!.GetValue<string>() == "leased").Select(d => d.Key).ToList();

        await scenario.Http.PatchAsync($"/v1/recipients/{people[claimed[0]]}", new { consent = new { status = "withdrawn" } }, HttpStatusCode.OK);
        await scenario.Http.PostAsync("/v1/suppressions", new { pattern = claimed[1] }, HttpStatusCode.Created);
        await scenario.Http.DeleteAsync($"/v1/recipients/{people[claimed[2]]}").ExpectAsync(HttpStatusCode.NoContent);
        answered.Set();

        var counts = (await scenario.FinishedAsync(campaign))["deliveries"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!.GetValue<int>());
        counts.ShouldBe(new Dictionary<string, int> { ["accepted"] = 1, ["suppressed"] = 2, ["cancelled"] = 1 }, ignoreOrder: true);
        scenario.Sink.Messages.ShouldHaveSingleItem().Recipients.Single().ShouldNotBeOneOf([.. claimed]);
    }

    [Fact]
    public async Task A_message_that_would_no_longer_be_the_same_is_held_and_not_sent_once_more()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        var person = await scenario.AddAsync("ann@example.com");
        scenario.Sink.Behaviour.OnMessage = _ =>
        {
            // Before anybody can know that the answer is lost.
            scenario.Http.PatchAsync($"/v1/recipients/{person}", new { first_name = "Anna" }, HttpStatusCode.OK).GetAwaiter().GetResult();
            return SinkReply.DropUnanswered;
        };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        var delivery = (await scenario.DeliveriesAsync(campaign))["ann@example.com"];
        (delivery["state"]!.GetValue<string>(), delivery["reason"]!.GetValue<string>()).ShouldBe(("held", "no_longer_the_same"));
        scenario.Sink.MessageCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_comes_back_sorts_out_at_once_what_it_held_however_long_its_lease()
    {
        await using var child = await ChildService.StartAsync(("CampaignHub__LeaseSeconds", "600"));
        await using var scenario = await Scenario.StartAsync(child, people: 60, maxConnections: 2);
        using var answered = new ManualResetEventSlim();
        scenario.Sink.Behaviour.OnMessage = _ =>
        {
            answered.Wait(TimeSpan.FromMinutes(1));
            return null;
        };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(scenario.Sink.CommandCount("DATA")), count => count == 2, "both connections are in a message");
        await child.KillAsync();
        answered.Set();
        await child.StartAgainAsync();

        var counts = (await scenario.FinishedAsync(campaign))["deliveries"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!.GetValue<int>());
        counts.ShouldBe(new Dictionary<string, int> { ["accepted"] = 58, ["held"] = 2 }, ignoreOrder: true);
        scenario.Sink.Messages.GroupBy(m => m.Recipients.Single()).ShouldAllBe(copies => copies.Count() == 1);
    }
}
