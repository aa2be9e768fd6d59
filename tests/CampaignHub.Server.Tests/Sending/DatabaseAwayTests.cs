using System.Net;
using CampaignHub.Server.Demo.Inbox;
using Npgsql;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>The database is away or its disk is full in mid-campaign: no result is lost, sending waits, and goes on by itself.</summary>
public sealed class DatabaseAwayTests
{
    private const int People = 400;

    [Fact]
    public Task While_the_database_is_away_nothing_is_begun_and_afterwards_nobody_gets_it_twice() => BreakAsync(LetInAsync);

    [Fact]
    public Task While_the_disk_is_full_nothing_is_begun_and_health_says_why_and_afterwards_nobody_gets_it_twice() =>
        BreakAsync(HaveRoomAsync, "Results can't be stored, and sending waits until they can: 53100: could not extend file");

    [Fact]
    public async Task A_mark_whose_answer_was_lost_is_taken_back_when_the_database_was_away_for_longer_than_the_lease()
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var child = await ChildService.StartAsync(("ConnectionStrings__CampaignHub", wire.ConnectionString), ("CampaignHub__LeaseSeconds", "5"));
        await using var scenario = await Scenario.StartAsync(child, People, maxConnections: 20);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(100) };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(People / 8, CancellationToken.None);

        wire.Become(WireState.LosesAnswers);
        await Task.Delay(TimeSpan.FromSeconds(12)); // its leases have run out since, and the database counts as away
        scenario.Sink.MessageCount.ShouldBeLessThan(People);
        wire.Become(WireState.Whole);

        var finished = await scenario.FinishedAsync(campaign, seconds: 180);
        finished["deliveries"]!.AsObject().Select(s => (s.Key, s.Value!.GetValue<int>())).ShouldBe([("accepted", People)]);
        scenario.Sink.MessageCount.ShouldBe(People);
    }

    private static async Task BreakAsync(Func<ChildService, bool, Task> setWell, string? ailment = null)
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, People);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(20) };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(People / 8, CancellationToken.None);

        await setWell(child, false);
        var counted = -1;
        await Eventually.Async(async () =>
        {
            var before = counted;
            counted = scenario.Sink.MessageCount;
            await Task.Delay(500); // to be compared with half a second later
            return before == counted && counted == scenario.Sink.MessageCount;
        }, "sending stops by itself");
        counted.ShouldBeLessThan(People);
        if (ailment is not null)
            await ShouldAilAsync(scenario.Http, ailment);
        await setWell(child, true);

        var finished = await scenario.FinishedAsync(campaign, seconds: 180);
        finished["deliveries"]!.AsObject().Select(s => (s.Key, s.Value!.GetValue<int>())).ShouldBe([("accepted", People)]);
        scenario.Sink.Messages.Select(m => m.Recipients.Single()).Distinct().Count().ShouldBe(People);
        scenario.Sink.MessageCount.ShouldBe(People);
        await Eventually.Async(async () =>
        {
            using var ready = await scenario.Http.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.OK;
        }, "it is ready again");
    }

    private static async Task ShouldAilAsync(HttpClient http, string ailment)
    {
        using var ready = await http.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldContain(ailment);
    }

    /// <summary>Shuts everybody out of the child's database, or lets them in again.</summary>
    private static async Task LetInAsync(ChildService child, bool allowed)
    {
        var settings = new NpgsqlConnectionStringBuilder(child.ConnectionString);
        var name = settings.Database!;
        settings.Database = "postgres";
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var command = source.CreateCommand($"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
        await command.ExecuteNonQueryAsync();
        await using var end = source.CreateCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1");
        end.Parameters.AddWithValue(name);
        if (!allowed)
            await end.ExecuteNonQueryAsync();
    }

    /// <summary>Has every write of the ledger answered as PostgreSQL answers it where the disk is full, or no longer.</summary>
    private static async Task HaveRoomAsync(ChildService child, bool room)
    {
        await using var source = NpgsqlDataSource.Create(child.ConnectionString);
        await using var command = source.CreateCommand(room ? "DROP TRIGGER disk_full ON campaignhub.deliveries" : """
            CREATE FUNCTION campaignhub.disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
            END $$;
            CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON campaignhub.deliveries EXECUTE FUNCTION campaignhub.disk_full();
            """);
        await command.ExecuteNonQueryAsync();
    }
}
