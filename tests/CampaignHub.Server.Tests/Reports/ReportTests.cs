using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tests.Reports;

public sealed class ReportTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Every_number_follows_from_the_feed_while_eight_writers_commit_out_of_order()
    {
        var seed = await Seed.SentAsync(service, 200);
        var writers = new LateWriters(service, seed);
        var feed = new Feed(seed.Tenant.Http);
        var writing = writers.WriteAsync(8);
        while (!writing.IsCompleted)
            await feed.ReadAsync();
        await writing;
        await feed.ReadUntilAsync(writers.Appended);

        feed.Seen.Count.ShouldBe(writers.Appended);
        feed.Values("id").Distinct().Count().ShouldBe(writers.Appended);
        await CompareAsync(seed, await seed.FoldedReportAsync(service), new Recount(feed.Seen));
    }

    [Fact]
    public async Task What_readers_and_scanners_do_shows_in_the_report()
    {
        var seed = await Seed.SentAsync(service, 4, [.. Enumerable.Range(0, 6).Select(n => $"https://shop.example/{n}")]);
        await AcceptAsync(seed);
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Pixel(0));
        await http.FetchAsync(seed.Pixel(0), Browser.GmailProxy);
        await http.FetchAsync(seed.Pixel(1), Browser.AppleProxy);
        await http.FetchAsync(seed.Pixel(1), method: HttpMethod.Head);
        await http.FetchAsync(seed.Link(0));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(link => http.FetchAsync(seed.Link(2, link))));
        await http.FetchAsync(seed.UnsubscribePage(0), method: HttpMethod.Post);

        var report = await seed.FoldedReportAsync(service);
        Show(report["opens"]!).ShouldBe("3/2/0.5 2/1/0.25 2/1/0.25");
        Show(report["clicks"]!).ShouldBe("7/2/0.5 7/2/0.5 1/1/0.25");
        report["unsubscribes"]!.GetValue<long>().ShouldBe(1);
        report["rates"]!["click_to_open"]!.GetValue<decimal>().ShouldBe(1);
        report["rates"]!["unsubscribe"]!.GetValue<decimal>().ShouldBe(0.25m);
        report["deliveries"]!["total"]!.GetValue<long>().ShouldBe(4);
        report["deliveries"]!["delivered"]!.GetValue<long>().ShouldBe(4);
        report["deliveries"]!["uncertain"]!.GetValue<long>().ShouldBe(0);

        var countries = await BreakdownAsync(seed, "country");
        countries.Select(e => e["key"]!.GetValue<string>()).ShouldBe(["DE", "JP"]);
        Show(countries[0]["clicks"]!).ShouldBe("7/2/1 7/2/1 1/1/0.5");
        Show(countries[1]["opens"]!).ShouldBe("1/1/0.5 0/0/0 0/0/0");
        (await BreakdownAsync(seed, "local_hour")).Select(e => e["key"]!.GetValue<string>()).ShouldBe(["09", "10"]);

        (await BreakdownAsync(seed, "device")).Select(e => $"{e["key"]} {e["opens"]!["all"]!["unique"]} {e["clicks"]!["human"]!["hits"]} {e["clicks"]!["all"]!["rate"]}")
            .ShouldBe(["desktop 1 1 ", "proxy 1 0 "]);
        (await BreakdownAsync(seed, "client")).Select(e => e["key"]!.GetValue<string>()).ShouldBe(["apple_privacy_proxy", "chrome", "gmail"]);
        var links = (await seed.ReportAsync("links"))["data"]!.AsArray();
        links.Select(l => l!["url"]!.GetValue<string>()).ShouldBe(seed.Links);
        Show(links[0]!["clicks"]!).ShouldBe("2/2/0.5 2/2/0.5 1/1/0.25");
        Show(links[5]!["clicks"]!).ShouldBe("1/1/0.25 1/1/0.25 0/0/0");
    }

    [Fact]
    public async Task Nothing_delivered_has_no_rates()
    {
        var seed = await Seed.SentAsync(service, 1);
        await using (var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            await transaction.ExecuteAsync("UPDATE deliveries SET state = 'deferred' WHERE tenant_id = @TenantId", new { transaction.TenantId });
            await transaction.CommitAsync();
        }
        var report = await seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report");
        report["opens"]!["all"]!["rate"].ShouldBeNull();
        report["rates"]!["bounce"].ShouldBeNull();
    }

    [Fact]
    public async Task A_foreign_campaign_is_not_found()
    {
        var seed = await Seed.SentAsync(service, 1);
        foreach (var path in new[] { "report", "report/breakdown?by=country", "report/timeline", "report/links", "report/delays", "report/comparison" })
            await service.Http.GetAsync($"/v1/campaigns/{seed.CampaignId}/{path}").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("?by=weather", "invalid", "invalid")]
    [InlineData("", "invalid", "required")]
    public async Task A_breakdown_that_there_is_not_is_refused(string query, string type, string code)
    {
        var problem = await service.Http.GetAsync($"/v1/campaigns/{Guid.CreateVersion7()}/report/breakdown{query}").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.ProblemType().ShouldBe(type);
        problem.FieldCode("by").ShouldBe(code);
    }

    [Fact]
    public async Task Half_of_the_readers_had_opened_within_p50_and_nine_in_ten_within_p90()
    {
        var seed = await Seed.SentAsync(service, 100);
        await seed.SqlAsync(service, "UPDATE deliveries SET sent_at = '2026-11-27T09:00:00Z' WHERE tenant_id = @TenantId");
        // After one minute, two minutes, … a hundred.
        await seed.AppendAsync(service, [.. Enumerable.Range(1, 100).Select(n => (EventTypes.Opened, $"2026-11-27T{9 + (n / 60):00}:{n % 60:00}:00Z", n - 1, (int?)null, (string?)null))]);
        await seed.FoldedReportAsync(service);
        var human = (await seed.ReportAsync("delays"))["opens"]!["human"]!;
        human["deliveries"]!.GetValue<long>().ShouldBe(100);
        human["p50_seconds"]!.GetValue<double>().ShouldBe(50 * 60, tolerance: 50 * 60 * 0.09);
        human["p90_seconds"]!.GetValue<double>().ShouldBe(90 * 60, tolerance: 90 * 60 * 0.09);
        (await seed.ReportAsync("delays"))["clicks"]!["human"]!["p50_seconds"].ShouldBeNull();
    }

    [Fact]
    public async Task Half_of_those_who_replied_had_done_so_within_p50_and_nine_in_ten_within_p90()
    {
        var seed = await Seed.SentAsync(service, 101);
        // The last was never sent as far as is known, so that nothing can be said of its delay.
        await seed.SqlAsync(service, $"UPDATE deliveries SET sent_at = '2026-11-27T09:00:00Z' WHERE tenant_id = @TenantId AND delivery_id <> '{seed.Deliveries[100]}'");
        await seed.AppendAsync(service, [.. Enumerable.Range(1, 101).Select(n => (EventTypes.Replied, $"2026-11-27T{9 + (n / 60):00}:{n % 60:00}:00Z", n - 1, (int?)null, (string?)null))]);
        (await seed.FoldedReportAsync(service))["replies"]!.GetValue<long>().ShouldBe(101);
        var shown = (await seed.ReportAsync("delays"))["replies"]!;
        shown["deliveries"]!.GetValue<long>().ShouldBe(100);
        shown["p50_seconds"]!.GetValue<double>().ShouldBe(50 * 60, tolerance: 50 * 60 * 0.09);
        shown["p90_seconds"]!.GetValue<double>().ShouldBe(90 * 60, tolerance: 90 * 60 * 0.09);
    }

    [Fact]
    public async Task Of_more_mail_domains_than_are_shown_the_largest_are_and_the_others_are_one()
    {
        var seed = await Seed.SentAsync(service, 120);
        await seed.SqlAsync(service, "UPDATE deliveries SET mail_domain = 'd' || get_byte(address_hash, 0) % 2 || '.' || delivery_id || '.example' WHERE tenant_id = @TenantId");
        await seed.SqlAsync(service, "UPDATE deliveries SET mail_domain = 'large.example' WHERE tenant_id = @TenantId AND delivery_id IN (SELECT delivery_id FROM deliveries ORDER BY delivery_id LIMIT 5)");
        await AcceptAsync(seed);
        await seed.FoldedReportAsync(service);
        var domains = await seed.ReportAsync("breakdown?by=mail_domain");
        domains["data"]!.AsArray().Count.ShouldBe(100);
        (domains["data"]![0]!["key"]!.GetValue<string>(), domains["data"]![0]!["accepted"]!.GetValue<long>()).ShouldBe(("large.example", 5));
        domains["rest"]!["accepted"]!.GetValue<long>().ShouldBe(120 - 5 - 99);
    }

    private static async Task CompareAsync(Seed seed, JsonObject report, Recount recount)
    {
        var delivered = recount.Delivered;
        report["deliveries"]!["delivered"]!.GetValue<long>().ShouldBe(delivered);
        report["bounces"]!["hard"]!.GetValue<long>().ShouldBe(recount.Count("delivery.bounced", "hard"));
        report["bounces"]!["soft"]!.GetValue<long>().ShouldBe(recount.Count("delivery.bounced", "soft"));
        report["complaints"]!.GetValue<long>().ShouldBe(recount.Count("delivery.complained"));
        report["unsubscribes"]!.GetValue<long>().ShouldBe(recount.Count("delivery.unsubscribed"));
        report["replies"]!.GetValue<long>().ShouldBe(recount.Count("delivery.replied"));
        ((decimal?)report["rates"]!["complaint"]).ShouldBe(Recount.Rate(recount.Count("delivery.complained"), delivered));
        var accepted = recount.Count("delivery.accepted");
        foreach (var (by, keyOf) in Dimensions(seed))
        {
            var entries = await BreakdownAsync(seed, by);
            entries.Sum(e => e["accepted"]!.GetValue<long>()).ShouldBe(accepted, by);
            foreach (var entry in entries)
                CompareHits(entry, recount.Where(e => keyOf(e) == entry["key"]!.GetValue<string>()));
        }
        CompareHits(report, recount);
    }

    private static void CompareHits(JsonNode shown, Recount recount)
    {
        recount.ShouldBe(shown["opens"]!, "delivery.opened");
        recount.ShouldBe(shown["clicks"]!, "delivery.clicked");
    }

    private static Dictionary<string, Func<JsonObject, string>> Dimensions(Seed seed)
    {
        (string Zone, string Country, int Hour) ZoneOf(JsonObject e) =>
            Seed.Zones[Array.IndexOf(seed.Deliveries, e["delivery_id"]!.GetValue<Guid>()) % 2];
        return new()
        {
            ["country"] = e => ZoneOf(e).Country,
            ["time_zone"] = e => ZoneOf(e).Zone,
            ["mail_domain"] = _ => "mail.example",
            ["local_weekday"] = _ => "fri",
            ["local_hour"] = e => ZoneOf(e).Hour.ToString("00", System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static async Task<List<JsonNode>> BreakdownAsync(Seed seed, string by)
    {
        var breakdown = await seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report/breakdown?by={by}");
        breakdown["by"]!.GetValue<string>().ShouldBe(by);
        return [.. breakdown["data"]!.AsArray().Select(e => e!)];
    }

    private async Task AcceptAsync(Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        var now = service.Get<IClock>().GetCurrentInstant();
        await EventLog.AppendAsync(transaction, [.. seed.Deliveries.Select(d => new Event(EventTypes.Accepted, now) { CampaignId = seed.CampaignId, DeliveryId = d })], now);
        await transaction.CommitAsync();
    }

    /// <summary>hits/unique/rate in the three views, widest first.</summary>
    private static string Show(JsonNode counts) => string.Join(' ', new[] { "all", "without_privacy_proxies", "human" }
        .Select(view => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{counts[view]!["hits"]}/{counts[view]!["unique"]}/{counts[view]!["rate"]!.GetValue<decimal>():0.####}")));
}
