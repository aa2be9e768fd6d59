using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using CampaignHub.Server.Tests.Platform.Postgres;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>Mail is read at a steady pace while the service is killed and its database restarted: what was answered as stored is stored, once.</summary>
public sealed class HitKillTests(EmbeddedPostgresFixture postgres) : IClassFixture<EmbeddedPostgresFixture>
{
    private const int Kills = 3;
    private const int Readers = 8;

    /// <summary>So many hits are answered as stored before each next fault.</summary>
    private const int Between = 200;

    private readonly ConcurrentQueue<string> _acknowledged = new();

    [Fact]
    public async Task Killed_again_and_again_every_hit_that_was_answered_is_stored_once()
    {
        var database = await postgres.Server.CreateDatabaseAsync("hits");
        await using var child = await ChildService.StartAsync(("ConnectionStrings__CampaignHub", database));
        var seed = await Seed.SentAsync(child);
        using var end = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => ReadAsync(child, seed, reader, end.Token)));
        for (var kill = 0; kill < Kills; kill++)
        {
            await MoreAreStoredAsync();
            await child.KillAsync();
            await child.StartAgainAsync();
            if (kill > 0)
                continue;
            await MoreAreStoredAsync();
            await RestartPostgresAsync();
        }
        await MoreAreStoredAsync();
        await end.CancelAsync();
        await reading;

        await Eventually.Async(async () => StoredHits.SpoolOf(child.DataDirectory).Count == 0
            && !_acknowledged.Except(await StoredHits.ReadAsync(database)).Any(), "every hit that was answered is stored");
        var stored = await StoredHits.ReadAsync(database);
        stored.Count.ShouldBe(stored.Distinct().Count());
        StoredHits.AsideOf(child.DataDirectory).ShouldBeEmpty();
    }

    /// <summary>One after the other, each under a name of its own, and none asked for twice: connections aren't used again, so nothing repeats a request by itself.</summary>
    private async Task ReadAsync(ChildService child, Seed seed, int reader, CancellationToken end)
    {
        for (var n = 0; !end.IsCancellationRequested; n++)
        {
            var agent = $"reader {reader} hit {n}";
            try
            {
                using var http = child.WithKey(null);
                using var answer = await http.FetchAsync(n % 2 == 0 ? seed.Pixel(n % 4) : seed.Link(n % 4), agent);
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Found && !answer.Headers.Contains("Tracking-Stored"))
                    _acknowledged.Enqueue(agent);
            }
            catch (HttpRequestException)
            {
                // The service is dead: nothing was promised.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None); // a steady pace, and no storm while it is dead
        }
    }

    private async Task MoreAreStoredAsync()
    {
        var before = _acknowledged.Count;
        await Eventually.Async(() => Task.FromResult(_acknowledged.Count >= before + Between), "hits are answered as stored");
    }

    /// <summary>Ends all sessions and stops; its supervision starts it again.</summary>
    private async Task RestartPostgresAsync()
    {
        var before = postgres.Server.ServerProcessId!.Value;
        using (var stop = Process.Start("kill", ["-INT", before.ToString(CultureInfo.InvariantCulture)]))
            await stop.WaitForExitAsync();
        await Eventually.Async(() => Task.FromResult(postgres.Server.ServerProcessId is { } now && now != before), "PostgreSQL is started again");
    }
}
