using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CampaignHub.Server.Events;
using CampaignHub.Server.Reports.Live;

namespace CampaignHub.Server.Tests.Reports.Live;

public sealed class LiveTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_watcher_sees_the_report_at_first_and_then_each_change_of_it()
    {
        var seed = await Seed.SentAsync(service, 3);
        using var watcher = await Watcher.StartAsync(seed.Tenant.Http, seed.CampaignId);
        Accepted(await watcher.NextAsync()).ShouldBe(0);
        await AcceptAsync(seed, 0);
        var report = await watcher.NextAsync();
        Accepted(report).ShouldBe(1);
        report!["deliveries"]!["total"]!.GetValue<long>().ShouldBe(3);
        await AcceptAsync(seed, 1);
        Accepted(await watcher.NextAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Resumed_where_it_was_it_hears_nothing_until_something_is_different()
    {
        var seed = await Seed.SentAsync(service, 3);
        string known;
        using (var first = await Watcher.StartAsync(seed.Tenant.Http, seed.CampaignId))
        {
            await first.NextAsync();
            known = first.LastId!;
        }
        using (var again = await Watcher.StartAsync(seed.Tenant.Http, seed.CampaignId, known))
        {
            await AcceptAsync(seed, 0);
            Accepted(await again.NextAsync()).ShouldBe(1);
        }
        using var late = await Watcher.StartAsync(seed.Tenant.Http, seed.CampaignId, known);
        Accepted(await late.NextAsync()).ShouldBe(1); // What it missed while it was away.
    }

    [Fact]
    public async Task However_many_watch_one_campaign_it_is_read_once_for_all_and_not_at_all_once_they_have_gone()
    {
        await using var child = await ChildService.StartAsync(); // Metrics are those of a process.
        await using var scenario = await Scenario.StartAsync(child, people: 3);
        var campaign = await scenario.DraftAsync();
        var watchers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Watcher.StartAsync(scenario.Http, campaign)));
        await Task.WhenAll(watchers.Select(w => w.NextAsync()));
        var before = await MetricAsync(scenario.Http, "campaignhub_live_reads_total");
        await scenario.PlanAsync(campaign);
        (await Task.WhenAll(watchers.Select(w => w.NextAsync()))).ShouldAllBe(report => report!["deliveries"]!["total"]!.GetValue<long>() == 3);
        // At one reading a second; forty watchers of their own would have read it forty times at least.
        (await MetricAsync(scenario.Http, "campaignhub_live_reads_total") - before).ShouldBeInRange(1, 39);
        (await MetricAsync(scenario.Http, "campaignhub_live_watchers")).ShouldBe(40);
        foreach (var watcher in watchers)
            watcher.Dispose();
        await Eventually.Async(async () => await MetricAsync(scenario.Http, "campaignhub_live_watchers") == 0, "all have gone");
    }

    [Fact]
    public async Task Beyond_as_many_watchers_as_a_node_takes_it_says_when_to_come_again()
    {
        await using var own = await TestService.StartAsync();
        var seed = await Seed.SentAsync(own, 1);
        var watchers = await Task.WhenAll(Enumerable.Range(0, LiveReports.MostWatchers).Select(_ => Watcher.StartAsync(seed.Tenant.Http, seed.CampaignId)));
        using (var refused = await seed.Tenant.Http.GetAsync($"/v1/campaigns/{seed.CampaignId}/live"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        }
        watchers[0].Dispose();
        await Eventually.Async(async () =>
        {
            using var answer = await seed.Tenant.Http.GetAsync($"/v1/campaigns/{seed.CampaignId}/live", HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode == HttpStatusCode.OK;
        }, "the place that became free");
        foreach (var watcher in watchers)
            watcher.Dispose();
    }

    [Fact]
    public async Task Asked_to_end_the_service_ends_its_streams_in_good_order()
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, people: 1);
        using var watcher = await Watcher.StartAsync(scenario.Http, await scenario.DraftAsync());
        await watcher.NextAsync();
        (await child.TerminateAsync()).ShouldBe(0);
        (await watcher.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_foreign_campaign_is_not_found()
    {
        var seed = await Seed.SentAsync(service, 1);
        await service.Http.GetAsync($"/v1/campaigns/{seed.CampaignId}/live").ExpectAsync(HttpStatusCode.NotFound);
    }

    private static long Accepted(JsonObject? report) => report!["deliveries"]!["accepted"]!.GetValue<long>();

    private Task AcceptAsync(Seed seed, int delivery) => seed.AppendAsync(service, (EventTypes.Accepted, "2026-11-27T09:00:00Z", delivery, null, null));

    private static async Task<long> MetricAsync(HttpClient http, string name)
    {
        var metrics = await http.GetStringAsync("/metrics");
        return Regex.Match(metrics, $@"^{name}(\{{[^}}]*\}})? (\d+)", RegexOptions.Multiline) is { Success: true } found
            ? long.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture) : 0;
    }
}
