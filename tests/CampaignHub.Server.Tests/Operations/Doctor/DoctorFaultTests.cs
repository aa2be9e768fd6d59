using System.Net;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Operations.Doctor;

/// <summary>What the doctor says of faults that really happen: of relays that fail, and of a worker that was killed.</summary>
public sealed class DoctorFaultTests
{
    [Fact]
    public async Task Of_a_relay_that_sends_everybody_away_it_tells_how_long_it_rests_and_what_its_owner_does()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await Scenario.StartAsync(service, maxConnections: 1);
        await scenario.AddManyAsync(100);
        scenario.Sink.Behaviour.OnConnect = _ => new SinkReply(421, "4.3.2 Closed for a while");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => service.HasRowAsync("SELECT FROM campaignhub.relay_standing WHERE failures >= 4 AND breaker_until > clock_timestamp() + interval '8 seconds'"),
            "its breaker has opened four times");

        var run = await RunAsync(service.ConnectionString);

        run.Status.ShouldBe(1);
        run.Output.ShouldMatch($@"{scenario.RelayId} +{scenario.Tenant.Id} +resting +\d+ s +100 % ");
        run.Output.ShouldMatch($@"Relay {scenario.RelayId} of tenant {scenario.Tenant.Id} has failed [4-9] times in a row: its owner asks for POST /v1/relays/{scenario.RelayId}/check");
        run.Output.ShouldMatch(@"deferred +\d+ +0 +in \d+ ");
        run.Output.ShouldMatch(@"scheduled +\d+ +\d+ +\d+ s");
        run.Output.ShouldMatch($@"{campaign} +{scenario.Tenant.Id} +sending +\d+ +\d+ ");
    }

    [Fact]
    public async Task Of_a_relay_whose_quota_is_used_up_it_says_so()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await Scenario.StartAsync(service, maxConnections: 1);
        await scenario.AddManyAsync(3);
        scenario.Sink.Behaviour.OnMailFrom = _ => SinkReply.Of(454, "5.4.5 Daily sending quota exceeded");
        await scenario.LaunchAsync(await scenario.DraftAsync());
        await Eventually.Async(() => service.HasRowAsync("SELECT FROM campaignhub.relay_standing WHERE quota_until > clock_timestamp()"), "it rests");

        (await RunAsync(service.ConnectionString)).Output.ShouldMatch($@"Relay {scenario.RelayId} of tenant {scenario.Tenant.Id} has used up its provider's quota and rests for \d+ min: its owner ");
    }

    [Fact]
    public async Task Of_a_worker_that_was_killed_it_tells_what_it_holds_and_that_somebody_must_take_over()
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, 100);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromSeconds(1) };
        await scenario.LaunchAsync(await scenario.DraftAsync());
        await scenario.Sink.WaitForAsync(1, CancellationToken.None);
        await child.KillAsync();

        var atOnce = await RunAsync(child.ConnectionString);
        atOnce.Output.ShouldMatch(@"Worker [^ ]+ was heard from \d+ s ago\.");
        atOnce.Output.ShouldMatch(@"[0-9a-f-]{36} +\d+ +[1-4] +\d+ s +in \d+ s +1 +\d+ s ago"); // leased, on the wire, until when, its relays

        // Three minutes later.
        await using (var source = Npgsql.NpgsqlDataSource.Create(child.ConnectionString))
        await using (var later = source.CreateCommand("""
            UPDATE campaignhub.leases SET until = until - interval '3 minutes';
            UPDATE hangfire.server SET lastheartbeat = lastheartbeat - interval '3 minutes';
            """))
            await later.ExecuteNonQueryAsync();
        var run = await RunAsync(child.ConnectionString);
        run.Status.ShouldBe(1);
        run.Output.ShouldMatch(@"Leases of node [0-9a-f-]{36} ran out \d+ (s|min) ago and nobody has sorted them out: start a worker, which takes over what was claimed");
        run.Output.ShouldContain("Campaigns are under way and no worker has been heard from for two minutes: start a service with the role all or worker");

        await child.StartAgainAsync();
        await Eventually.Async(async () => !(await RunAsync(child.ConnectionString)).Output.Contains("start a worker", StringComparison.Ordinal), "what it held is sorted out");
    }

    private static Task<VerbRun> RunAsync(string connectionString) =>
        VerbRun.MakeAsync(new Dictionary<string, string> { ["ConnectionStrings__CampaignHub"] = connectionString }, "doctor");
}
