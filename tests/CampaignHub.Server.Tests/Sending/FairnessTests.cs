using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>Nobody waits for somebody else's end: neither a tenant for a larger one, nor a mail domain for a slower one.</summary>
public sealed class FairnessTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task A_small_tenant_is_done_while_a_large_one_is_still_sending()
    {
        await using var large = await Scenario.StartAsync(fixture.Service);
        await using var small = await Scenario.StartAsync(fixture.Service);
        await large.SeedAsync(fixture.Service, 200_000);
        await small.AddManyAsync(100);
        var largeCampaign = await large.DraftAsync();
        var smallCampaign = await small.DraftAsync();
        await large.LaunchAsync(largeCampaign);
        await large.Sink.WaitForAsync(500, CancellationToken.None);
        await small.LaunchAsync(smallCampaign);
        await small.FinishedAsync(smallCampaign);

        large.Sink.MessageCount.ShouldBeLessThan(200_000);
        await large.Http.PostAsync($"/v1/campaigns/{largeCampaign}/cancel", null);
    }

    [Fact]
    public async Task A_tenant_is_done_while_many_campaigns_of_another_wait_for_their_slow_relay()
    {
        await using var service = await TestService.StartAsync();
        await using var slow = await Scenario.StartAsync(service, maxConnections: 1);
        await using var quick = await Scenario.StartAsync(service);
        await slow.AddManyAsync(20);
        await quick.AddManyAsync(20);
        slow.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromSeconds(1) };
        for (var i = 0; i < 30; i++)
            await slow.LaunchAsync(await slow.DraftAsync());
        await Eventually.Async(() => service.HasRowAsync($"SELECT FROM campaignhub.campaigns WHERE tenant_id = '{slow.Tenant.Id}' HAVING count(*) FILTER (WHERE status = 'sending') = 30"), "all are launched");
        await slow.Sink.WaitForAsync(slow.Sink.MessageCount + 2, CancellationToken.None);

        var campaign = await quick.DraftAsync();
        await quick.LaunchAsync(campaign);
        await quick.FinishedAsync(campaign);
    }

    [Fact]
    public async Task A_mail_domain_that_answers_slowly_holds_up_no_other()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 10);
        // Those of the slow domain come first, more of them than are claimed at once; the others are of 50 domains.
        await scenario.AddManyAsync(600, i => $"s{i}@slow.example");
        await scenario.AddManyAsync(1_000);
        var isSlow = (string to) => to.EndsWith("@slow.example", StringComparison.Ordinal);
        scenario.Sink.Behaviour.OnRecipient = to => isSlow(to) ? SinkReply.Of(250, "2.1.5 well") with { Delay = TimeSpan.FromSeconds(2) } : null;
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(scenario.Sink.Messages.Count(m => !isSlow(m.Recipients.Single())) == 1_000), "all others have it");

        scenario.Sink.Messages.Count(m => isSlow(m.Recipients.Single())).ShouldBeLessThan(600, "the slow domain is still being served");
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null);
    }
}
