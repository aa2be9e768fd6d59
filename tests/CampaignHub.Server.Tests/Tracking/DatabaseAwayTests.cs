using System.Net;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>PostgreSQL is away while mail is read: everybody is answered, and what was answered as stored is stored once.</summary>
public sealed class DatabaseAwayTests
{
    private const int Hits = 60;

    [Theory]
    [InlineData(WireState.Cut)]
    [InlineData(WireState.Silent)]
    [InlineData(WireState.LosesAnswers)]
    public async Task Hits_are_answered_as_stored_and_are_in_the_table_once_when_the_database_is_back(WireState fault)
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var service = await TestService.StartAsync($"--ConnectionStrings:CampaignHub={wire.ConnectionString}");
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        List<string> agents = [];
        await Eventually.Async(async () =>
        {
            agents.Add($"before {agents.Count}");
            (await http.FetchAsync(seed.Link(), agents[^1])).StatusCode.ShouldBe(HttpStatusCode.Found); // its links are known from here on
            return StoredHits.SpoolOf(service.DataDirectory).Count == 0;
        }, "hits go to the database, and its connections are open");

        wire.Become(fault);
        agents.AddRange(await FetchAsync(http, seed, "together", (fetch, count) => Task.WhenAll(Enumerable.Range(0, count).Select(fetch))));
        agents.AddRange(await FetchAsync(http, seed, "alone", async (fetch, count) =>
        {
            for (var n = 0; n < count; n++)
                await fetch(n);
        }));
        if (fault == WireState.LosesAnswers)
            await Eventually.Async(async () => (await StoredHits.ReadAsync(wire.Direct)).Any(agent => agent.StartsWith("together", StringComparison.Ordinal)), "some are in the table and in the spool");
        wire.Become(WireState.Whole);

        await StoredHits.ShouldBecomeAsync(wire.Direct, service.DataDirectory, agents);
        agents.Add("after");
        (await http.FetchAsync(seed.Pixel(), "after")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StoredHits.ShouldBecomeAsync(wire.Direct, service.DataDirectory, agents);
        StoredHits.AsideOf(service.DataDirectory).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_needs_the_database_says_when_to_come_again_and_health_says_where_hits_wait()
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var service = await TestService.StartAsync($"--ConnectionStrings:CampaignHub={wire.ConnectionString}");
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;

        wire.Become(WireState.Cut);
        await ShouldComeAgainAsync(http.FetchAsync(seed.Link()));
        await ShouldComeAgainAsync(http.FetchAsync(seed.UnsubscribePage(), method: HttpMethod.Post));
        (await http.FetchAsync(seed.Link(url: "https://shop.example/mine"))).StatusCode.ShouldBe(HttpStatusCode.Found); // it carries its own
        using var health = await http.GetAsync("/health/ready");
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.Content.ReadAsStringAsync()).ShouldContain("PostgreSQL takes no hits: they wait in the spool, 0.0 of 1024 MB.");

        wire.Become(WireState.Silent);
        await ShouldComeAgainAsync(http.FetchAsync(seed.Link()));

        wire.Become(WireState.Whole);
        (await http.FetchAsync(seed.UnsubscribePage(), method: HttpMethod.Post)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Async(async () => (await http.FetchAsync(seed.Link())).StatusCode == HttpStatusCode.Found, "the link is found");
        await Eventually.Async(async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK, "it is ready again");
    }

    [Fact]
    public async Task Hits_in_the_spool_outlive_a_kill()
    {
        await using var wire = await DatabaseWire.NewAsync();
        await using var child = await ChildService.StartAsync(("ConnectionStrings__CampaignHub", wire.ConnectionString));
        var seed = await Seed.SentAsync(child);
        wire.Become(WireState.Cut);
        List<string> agents;
        using (var http = child.WithKey(null))
            agents = await FetchAsync(http, seed, "killed", (fetch, count) => Task.WhenAll(Enumerable.Range(0, count).Select(fetch)), clicks: false);
        await child.KillAsync();
        StoredHits.SpoolOf(child.DataDirectory).ShouldNotBeEmpty();

        wire.Become(WireState.Whole);
        await child.StartAgainAsync();
        await StoredHits.ShouldBecomeAsync(wire.Direct, child.DataDirectory, agents);
    }

    /// <summary>Opens and clicks by turns, each answered as if nothing were amiss; answers what they called themselves.</summary>
    private static async Task<List<string>> FetchAsync(HttpClient http, Seed seed, string name, Func<Func<int, Task>, int, Task> inOrder, bool clicks = true)
    {
        await inOrder(async n =>
        {
            using var answer = await http.FetchAsync(clicks && n % 2 == 1 ? seed.Link(n % 4) : seed.Pixel(n % 4), $"{name} {n}");
            answer.StatusCode.ShouldBe(clicks && n % 2 == 1 ? HttpStatusCode.Found : HttpStatusCode.OK);
            answer.Headers.Contains("Tracking-Stored").ShouldBeFalse();
        }, Hits);
        return [.. Enumerable.Range(0, Hits).Select(n => $"{name} {n}")];
    }

    private static async Task ShouldComeAgainAsync(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        answer.Headers.Location.ShouldBeNull();
    }
}
