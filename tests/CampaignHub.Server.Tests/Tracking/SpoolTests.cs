using System.Net;
using CampaignHub.Server.Tests.Platform.Postgres;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>The spool's files: what a crash, a bad disk or too many hits do to them.</summary>
public sealed class SpoolTests
{
    [Fact]
    public async Task A_torn_end_is_cut_and_a_damaged_middle_is_set_aside_and_all_else_is_stored()
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var child = await ChildService.StartAsync(("ConnectionStrings__CampaignHub", wire.ConnectionString));
        var seed = await Seed.SentAsync(child);
        wire.Become(WireState.Cut);
        using (var http = child.WithKey(null))
            for (var n = 0; n < 10; n++)
                (await http.FetchAsync(seed.Pixel(), $"hit {n}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await child.KillAsync();
        var segment = StoredHits.SpoolOf(child.DataDirectory)[^1];
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.AsSpan().IndexOf("hit 4"u8)] ^= 1;
        // Of an eleventh, the power left no more than half.
        await File.WriteAllBytesAsync(segment, [.. bytes, .. bytes[..(bytes.Length / 20)]]);

        wire.Become(WireState.Whole);
        await child.StartAgainAsync();
        await StoredHits.ShouldBecomeAsync(wire.Direct, child.DataDirectory, Enumerable.Range(0, 10).Where(n => n != 4).Select(n => $"hit {n}"));
        var aside = StoredHits.AsideOf(child.DataDirectory).ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(aside)).ShouldContain("it 4");
        using var anonymous = child.WithKey(null);
        (await anonymous.GetStringAsync("/metrics")).ShouldContain("campaignhub_tracking_set_aside_total{", Case.Sensitive);
        var health = await anonymous.GetJsonAsync("/health/ready");
        health["status"]!.GetValue<string>().ShouldBe("degraded");
        health["reasons"]!.AsArray().Select(reason => reason!.GetValue<string>()).ShouldBe([$"Pieces of the spool that could not be stored lie in {Path.GetDirectoryName(aside)}: 1."]);
    }

    [Fact]
    public async Task A_hit_that_the_database_refuses_costs_no_other_and_is_set_aside_until_its_file_is_moved_back()
    {
        await using var child = await ChildService.StartAsync();
        var seed = await Seed.SentAsync(child);
        await Sql.RunAsync(child.ConnectionString, "ALTER TABLE campaignhub.hits ADD CONSTRAINT not_these CHECK (user_agent <> 'refused')");
        string[] agents = [.. Enumerable.Range(0, 20).Select(n => n == 7 ? "refused" : $"hit {n}")];
        using (var http = child.WithKey(null))
            (await Task.WhenAll(agents.Select(agent => http.FetchAsync(seed.Pixel(), agent)))).ShouldAllBe(answer => !answer.Headers.Contains("Tracking-Stored"));
        await StoredHits.ShouldBecomeAsync(child.ConnectionString, child.DataDirectory, agents.Where(agent => agent != "refused"));

        await child.KillAsync();
        await Sql.RunAsync(child.ConnectionString, "ALTER TABLE campaignhub.hits DROP CONSTRAINT not_these");
        var aside = StoredHits.AsideOf(child.DataDirectory).ShouldHaveSingleItem();
        File.Move(aside, Path.Combine(child.DataDirectory, "spool", Path.GetFileName(aside)));
        await child.StartAgainAsync();
        await StoredHits.ShouldBecomeAsync(child.ConnectionString, child.DataDirectory, agents);
    }

    [Fact]
    public async Task A_full_spool_drops_hits_and_says_so_and_everybody_is_answered()
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var service = await TestService.StartAsync($"--ConnectionStrings:CampaignHub={wire.ConnectionString}", "--CampaignHub:Tracking:SpoolMegabytes=1");
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        wire.Become(WireState.Cut);
        List<string> stored = [];
        var dropped = 0;
        for (var n = 0; dropped == 0; n++)
        {
            n.ShouldBeLessThan(2_000, "a megabyte holds no more of them");
            var agent = $"hit {n} {new string('x', 480)}";
            using var answer = await http.FetchAsync(seed.Pixel(), agent);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            if (answer.Headers.Contains("Tracking-Stored"))
                dropped++;
            else
                stored.Add(agent);
        }
        new DirectoryInfo(Path.Combine(service.DataDirectory, "spool")).EnumerateFiles().Sum(file => file.Length).ShouldBeLessThanOrEqualTo(1_000_000);
        (await http.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("campaignhub_tracking_dropped_total{", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("kind=\"open\",reason=\"spool_full\"} 1");
        (await HealthAsync(http)).ShouldContain("Hits were answered and not stored in the last minute");

        wire.Become(WireState.Whole);
        await StoredHits.ShouldBecomeAsync(wire.Direct, service.DataDirectory, stored);
    }

    [Fact]
    public async Task More_hits_than_may_wait_are_answered_all_the_same_and_those_answered_as_stored_are_stored_once()
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var service = await TestService.StartAsync($"--ConnectionStrings:CampaignHub={wire.ConnectionString}", "--CampaignHub:Tracking:QueuedHits=10");
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        List<string> stored = ["before"];
        (await http.FetchAsync(seed.Link(), "before")).StatusCode.ShouldBe(HttpStatusCode.Found);

        wire.Become(WireState.Silent);
        var dropped = 0;
        for (var round = 0; dropped == 0; round++)
        {
            round.ShouldBeLessThan(50, "400 at once are more than 10 that may wait");
            await Task.WhenAll(Enumerable.Range(0, 400).Select(async n =>
            {
                var agent = $"hit {round} {n}";
                using var answer = await http.FetchAsync(n % 2 == 0 ? seed.Pixel() : seed.Link(), agent);
                answer.StatusCode.ShouldBe(n % 2 == 0 ? HttpStatusCode.OK : HttpStatusCode.Found);
                lock (stored)
                    if (answer.Headers.Contains("Tracking-Stored"))
                        dropped++;
                    else
                        stored.Add(agent);
            }));
        }
        wire.Become(WireState.Whole);
        (await http.GetStringAsync("/metrics")).ShouldContain("reason=\"queue_full\"} ");
        await Eventually.Async(() => HealthAsync(http), health => health.StartsWith("200 {\"status\":\"degraded\"", StringComparison.Ordinal)
            && health.Contains("more came than the 10 that may wait", StringComparison.Ordinal), "the health report says it");
        await StoredHits.ShouldBecomeAsync(wire.Direct, service.DataDirectory, stored);
    }

    private static async Task<string> HealthAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/health/ready");
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }
}
