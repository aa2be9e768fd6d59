using System.Diagnostics;
using System.Net;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>Limits that hold for all nodes together.</summary>
public sealed class LimitsOverNodesTests
{
    [Fact]
    public async Task A_relays_connections_are_shared_with_a_node_that_has_just_died_until_it_is_forgotten()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await Scenario.StartAsync(service, maxConnections: 4);
        await scenario.AddManyAsync(1_000);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(50) };
        // Its last sign of life was just now, and stays so for as long as the test looks at the half.
        await service.SqlAsync($"""
            INSERT INTO campaignhub.relay_nodes (tenant_id, relay_id, node_id, joined_at, seen_at)
            VALUES ('{scenario.Tenant.Id}', '{scenario.RelayId}', gen_random_uuid(), clock_timestamp() - interval '1 hour', clock_timestamp() + interval '1 hour')
            """);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(60, CancellationToken.None);
        scenario.Sink.Connections.ShouldBe(2, "its half, and each connection serves for a hundred messages");

        await service.SqlAsync($"UPDATE campaignhub.relay_nodes SET seen_at = clock_timestamp() - interval '16 seconds' WHERE relay_id = '{scenario.RelayId}' AND seen_at > clock_timestamp()");

        await Eventually.Async(() => Task.FromResult(scenario.Sink.OpenConnections), open => open == 4, "all of them are this node's");
        (await service.HasRowAsync($"SELECT FROM campaignhub.relay_nodes WHERE relay_id = '{scenario.RelayId}' OFFSET 1")).ShouldBeFalse("the dead one is forgotten");
    }

    [Fact]
    public async Task Two_nodes_together_send_what_a_relays_warm_up_allows_that_day_and_not_one_more()
    {
        const int allowed = 500;
        await using var first = await ChildService.StartAsync(("CampaignHub__Clock__Start", "2026-03-02T10:00:00Z"));
        await using var second = await first.StartBesideAsync("worker");
        await using var scenario = await Scenario.StartAsync(first, 800);
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { warm_up = (int[])[allowed, 1_000] }, HttpStatusCode.OK);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);

        await Eventually.Async(() => Task.FromResult(scenario.Sink.MessageCount), count => count >= allowed, "the day's limit is used up");
        // Nothing more is on its way once both have ended, and nothing that was claimed is lost.
        await second.TerminateAsync();
        await first.TerminateAsync();
        scenario.Sink.MessageCount.ShouldBe(allowed);
        scenario.Sink.Messages.Select(m => m.Recipients.Single()).Distinct().Count().ShouldBe(allowed);
    }

    [Fact]
    public async Task What_is_given_back_is_given_back_in_the_order_in_which_it_is_taken()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await Scenario.StartAsync(service, maxConnections: 1);
        await scenario.AddManyAsync(2);
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { warm_up = (int[])[100, 200] }, HttpStatusCode.OK);
        using var answered = new ManualResetEventSlim();
        scenario.Sink.Behaviour.OnMessage = _ =>
        {
            answered.Wait(TimeSpan.FromMinutes(1));
            return null;
        };
        var campaign = await scenario.DraftAsync(new { strategy = "now", rate = 3_600 });
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => Task.FromResult(scenario.Sink.CommandCount("DATA")), count => count == 1, "one is on the wire");
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/pause", null).ExpectAsync(HttpStatusCode.Accepted);

        // As another node that claims, which takes of the relay's day first.
        await using var claim = await service.Get<Database>().BeginAsync(scenario.Tenant.Id, default);
        await claim.ExecuteAsync("SELECT FROM relay_days WHERE tenant_id = @TenantId FOR UPDATE", new { claim.TenantId });
        answered.Set();
        await service.WaitedForInAsync("relay_days", "the other is given back");

        await claim.ExecuteAsync("SELECT FROM campaign_rates WHERE tenant_id = @TenantId AND campaign_id = @campaign FOR UPDATE NOWAIT", new { claim.TenantId, campaign });
    }

    [Fact]
    public async Task A_campaigns_rate_holds_for_two_nodes_together()
    {
        const int perSecond = 20;
        await using var first = await ChildService.StartAsync();
        await using var second = await first.StartBesideAsync("worker");
        await using var scenario = await Scenario.StartAsync(first, 500);
        var campaign = await scenario.DraftAsync(new { strategy = "now", rate = perSecond * 3_600 });
        var since = Stopwatch.StartNew();
        await scenario.LaunchAsync(campaign);

        await Eventually.Async(() => Task.FromResult(scenario.Sink.MessageCount), count => count >= 300, "more than two nodes' first ten seconds are sent");

        // At first what ten seconds unused would have let through; whoever is slow only has more time.
        var sent = scenario.Sink.MessageCount;
        ((double)sent).ShouldBeLessThanOrEqualTo(perSecond * (10 + since.Elapsed.TotalSeconds));
    }
}
