using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>Several processes on one database: they share the work, and one that fell silent does no harm when it wakes.</summary>
public sealed class SeveralWorkersTests
{
    private const int People = 600;

    [Fact]
    public async Task Two_workers_share_a_campaign_and_nobody_gets_it_twice()
    {
        await using var first = await ChildService.StartAsync();
        await using var second = await first.StartBesideAsync("worker");
        await using var scenario = await Scenario.StartAsync(first, People);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(75) };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(async () => await NodesAsync(first) == 2, "both work on it");
        await scenario.FinishedAsync(campaign, seconds: 120);

        scenario.Sink.Messages.Select(m => m.Recipients.Single()).Distinct().Count().ShouldBe(People);
        scenario.Sink.MessageCount.ShouldBe(People);
    }

    [Fact]
    public async Task A_worker_that_slept_past_its_lease_finishes_no_message_that_others_have_settled()
    {
        await using var sleeper = await ChildService.StartAsync(("CampaignHub__LeaseSeconds", "10"));
        await using var scenario = await Scenario.StartAsync(sleeper, People);
        scenario.Sink.Behaviour.OnRecipient = _ => SinkReply.Of(250, "2.1.5 ok") with { Delay = TimeSpan.FromMilliseconds(100) };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(People / 10, CancellationToken.None);
        await sleeper.StopAsync();
        scenario.Sink.Behaviour.OnRecipient = null;

        await using var other = await sleeper.StartBesideAsync("all");
        using var http = other.WithKey(scenario.Tenant.Key);
        var finished = await FinishedAsync(other, () => http.GetJsonAsync($"/v1/campaigns/{campaign}"));
        var held = finished["deliveries"]!.AsObject().Where(s => s.Key == "held").Sum(s => s.Value!.GetValue<int>());
        held.ShouldBeLessThanOrEqualTo(4, "at most one message on each connection is undecided");
        // Awake, it is asked to end, which lets what is on the wire be finished: what it would have finished wrongly is there then.
        await sleeper.ContinueAsync();
        await sleeper.TerminateAsync();
        await other.TerminateAsync();
        await Eventually.Async(() => Task.FromResult(scenario.Sink.OpenConnections == 0), "all connections are closed");

        var copies = scenario.Sink.Messages.GroupBy(m => m.Recipients.Single()).ToList();
        copies.ShouldAllBe(c => c.Count() == 1);
        copies.Count.ShouldBeInRange(People - held, People);
    }

    [Fact]
    public async Task What_a_node_left_behind_is_taken_over_however_long_it_takes_to_look_after_all_campaigns()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await Scenario.StartAsync(service);
        await scenario.AddManyAsync(2);
        // As hundreds of campaigns that have people left would.
        await service.SqlAsync("""
            CREATE OR REPLACE FUNCTION campaignhub.nothing_left(tenant uuid, campaign uuid) RETURNS boolean LANGUAGE sql VOLATILE
                AS $$ SELECT false FROM pg_sleep(6) $$
            """);
        scenario.Sink.Behaviour.OnRecipient = _ => SinkReply.Of(451, "4.7.1 greylisted, come back");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => scenario.DeliveriesAsync(campaign), d => d.Count == 2 && d.Values.All(one => one["state"]!.GetValue<string>() == "deferred"), "both are deferred");

        await service.SqlAsync($"""
            INSERT INTO campaignhub.leases (tenant_id, token, campaign_id, node_id, until, delivery_ids)
            SELECT tenant_id, gen_random_uuid(), campaign_id, gen_random_uuid(), clock_timestamp(), array_agg(delivery_id)
            FROM campaignhub.deliveries WHERE campaign_id = '{campaign}' GROUP BY 1, 3
            """);

        await Eventually.Async(async () => !await service.HasRowAsync($"SELECT FROM campaignhub.leases WHERE campaign_id = '{campaign}'"), "the lease is sorted out");
    }

    /// <summary>Where it stands still, who waits for whom is told.</summary>
    private static async Task<JsonObject> FinishedAsync(ChildService child, Func<Task<JsonObject>> look)
    {
        try
        {
            return await Eventually.Async(look, c => c["status"]!.GetValue<string>() == "finished", "the other one finishes it", 180);
        }
        catch (TimeoutException late)
        {
            await using var source = Npgsql.NpgsqlDataSource.Create(child.ConnectionString);
            await using var command = source.CreateCommand("""
                SELECT string_agg(line, E'\n') FROM (
                    SELECT format('%s %s %s/%s since %s, behind %s: %s', pid, state, wait_event_type, wait_event, clock_timestamp() - state_change, pg_blocking_pids(pid), left(query, 120)) AS line
                    FROM pg_stat_activity WHERE datname = current_database() AND (state <> 'idle' OR cardinality(pg_blocking_pids(pid)) > 0)
                    UNION ALL SELECT format('lease %s until %s of %s', left(token::text, 8), until, cardinality(delivery_ids)) FROM campaignhub.leases
                    UNION ALL SELECT format('relay node %s', to_jsonb(n)) FROM campaignhub.relay_nodes n
                    UNION ALL SELECT format('position %s', to_jsonb(p)) FROM campaignhub.claim_positions p) AS state
                """);
            throw new TimeoutException($"{late.Message}\n{await command.ExecuteScalarAsync()}", late);
        }
    }

    private static async Task<long> NodesAsync(ChildService child)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(child.ConnectionString);
        await using var command = source.CreateCommand("SELECT count(DISTINCT node_id) FROM campaignhub.leases");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
