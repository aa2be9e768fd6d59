using CampaignHub.Server.Demo.Inbox;
using Npgsql;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>The database goes away in mid-campaign: no result is lost, sending waits, and goes on by itself.</summary>
public sealed class DatabaseAwayTests
{
    private const int People = 400;

    [Fact]
    public async Task While_the_database_is_away_nothing_is_begun_and_afterwards_nobody_gets_it_twice()
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, People);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(20) };
        var campaign = await scenario.DraftAsync(whenUncertain: "hold");
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(People / 8, CancellationToken.None);

        await LetInAsync(child, false);
        var counted = -1;
        await Eventually.Async(async () =>
        {
            var before = counted;
            counted = scenario.Sink.MessageCount;
            await Task.Delay(500); // to be compared with half a second later
            return before == counted && counted == scenario.Sink.MessageCount;
        }, "sending stops by itself");
        counted.ShouldBeLessThan(People);
        await LetInAsync(child, true);

        var finished = await scenario.FinishedAsync(campaign, seconds: 180);
        finished["deliveries"]!.AsObject().Select(s => (s.Key, s.Value!.GetValue<int>())).ShouldBe([("accepted", People)]);
        scenario.Sink.Messages.Select(m => m.Recipients.Single()).Distinct().Count().ShouldBe(People);
        scenario.Sink.MessageCount.ShouldBe(People);
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
}
