using System.Net;
using CampaignHub.Server.Events;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>Reports beside each other: all campaigns over some days, and one campaign beside the others.</summary>
public sealed class OverviewTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Days_hold_what_happened_to_any_campaign_by_the_zone_that_is_asked_for()
    {
        var seed = await Seed.SentAsync(service, 3);
        var other = await LaunchAnotherAsync(seed, "Winter", "2026-11-28T09:00:00Z", delivered: 2, opened: 1);
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-11-26T23:30:00Z", 0, null, null), (EventTypes.Opened, "2026-11-27T10:00:00Z", 0, null, null),
            (EventTypes.Opened, "2026-11-28T10:00:00Z", 0, null, null), (EventTypes.Unsubscribed, "2026-11-28T10:00:00Z", 0, null, null));
        await seed.SqlAsync(service, "UPDATE campaigns SET launched_at = '2026-11-26T20:00:00Z' WHERE tenant_id = @TenantId AND campaign_id = @CampaignId");
        await seed.FoldedReportAsync(service);

        var overview = await seed.Tenant.Http.GetJsonAsync("/v1/reports/overview?from=2026-11-26&to=2026-11-28&time_zone=Europe/Berlin");
        overview["data"]!.AsArray().Select(d => $"{d!["date"]} {d["at"]} {d["accepted"]} {d["opens"]!["human"]} {d["unsubscribes"]}").ShouldBe(
        [
            "2026-11-26 2026-11-25T23:00:00Z 0 0 0", "2026-11-27 2026-11-26T23:00:00Z 1 1 0", "2026-11-28 2026-11-27T23:00:00Z 2 1 1",
        ]);
        overview["total"]!["accepted"]!.GetValue<long>().ShouldBe(3);
        overview["campaigns"]!.AsArray().Select(c => $"{c!["name"]} {c["launched_at"]} {c["accepted"]} {c["opens"]!["human"]!["rate"]}").ShouldBe(
            ["Winter 2026-11-28T09:00:00Z 2 0.5", "Sale 2026-11-26T20:00:00Z 1 1"]);
        (await service.Http.GetJsonAsync("/v1/reports/overview?from=2026-11-26&to=2026-11-28"))["total"]!["accepted"]!.GetValue<long>().ShouldBe(0);
        other.ShouldNotBe(seed.CampaignId);
    }

    [Fact]
    public async Task What_came_back_stands_on_its_day_and_the_bounce_rate_is_each_days()
    {
        var seed = await Seed.SentAsync(service, 4);
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Accepted, "2026-11-27T09:00:00Z", 1, null, null),
            (EventTypes.Accepted, "2026-11-28T09:00:00Z", 2, null, null), (EventTypes.Accepted, "2026-11-28T09:00:00Z", 3, null, null),
            (EventTypes.Bounced, "2026-11-28T09:05:00Z", 2, null, "hard"), (EventTypes.Bounced, "2026-11-29T08:00:00Z", 3, null, "soft"),
            (EventTypes.Complained, "2026-11-28T11:00:00Z", 0, null, null), (EventTypes.Replied, "2026-11-28T12:00:00Z", 1, null, null));
        await seed.FoldedReportAsync(service);

        var overview = await seed.Tenant.Http.GetJsonAsync("/v1/reports/overview?from=2026-11-27&to=2026-11-29");
        static string Told(System.Text.Json.Nodes.JsonNode? d) =>
            $"{d!["accepted"]} {d["bounces"]!["hard"]} {d["bounces"]!["soft"]} {d["bounce_rate"]?.ToString() ?? "-"} {d["complaints"]} {d["replies"]}";
        overview["data"]!.AsArray().Select(Told).ShouldBe(["2 0 0 0 0 0", "2 1 0 0.5 1 1", "0 0 1 - 0 0"]);
        Told(overview["total"]).ShouldBe("4 1 1 0.5 1 1");
        var timeline = await seed.ReportAsync("timeline?interval=day&time_zone=Etc/UTC");
        timeline["data"]!.AsArray().Select(d => $"{d!["bounces"]!["hard"]} {d["bounces"]!["soft"]} {d["complaints"]} {d["replies"]}")
            .ShouldBe(["0 0 0 0", "1 0 1 1", "0 1 0 0"]);
        (await seed.ReportAsync("comparison"))["bounce"]!["campaign"]!.GetValue<decimal>().ShouldBe(0.5m);
    }

    [Fact]
    public async Task A_campaign_stands_beside_the_median_of_the_others()
    {
        var seed = await Seed.SentAsync(service, 4);
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Accepted, "2026-11-27T09:00:00Z", 1, null, null),
            (EventTypes.Opened, "2026-11-27T10:00:00Z", 0, null, null));
        foreach (var (name, opened) in new[] { ("a", 1), ("b", 4), ("c", 3) })
            await LaunchAnotherAsync(seed, name, "2026-11-20T09:00:00Z", delivered: 4, opened);
        await LaunchAnotherAsync(seed, "nothing", "2026-11-21T09:00:00Z", delivered: 0, opened: 0);
        await seed.FoldedReportAsync(service);
        var comparison = await seed.ReportAsync("comparison");
        comparison["campaigns"]!.GetValue<long>().ShouldBe(3);
        (comparison["open"]!["campaign"]!.GetValue<decimal>(), comparison["open"]!["median"]!.GetValue<decimal>()).ShouldBe((0.5m, 0.75m));
        comparison["click_to_open"]!["median"]!.GetValue<decimal>().ShouldBe(0);
    }

    [Theory]
    [InlineData("from=2026-11-02&to=2026-11-01", "from", "invalid")]
    [InlineData("from=2025-11-01&to=2026-11-02", "from", "out_of_range")]
    [InlineData("to=1999-11-01", "to", "out_of_range")]
    [InlineData("time_zone=Mars/Olympus", "time_zone", "unknown_time_zone")]
    public async Task Days_that_can_not_be_asked_for_are_refused(string query, string field, string code) =>
        (await service.Http.GetAsync($"/v1/reports/overview?{query}").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldBe(code);

    [Fact]
    public async Task A_date_that_is_none_is_malformed() =>
        (await service.Http.GetAsync("/v1/reports/overview?from=2026-02-30").ExpectAsync(HttpStatusCode.BadRequest)).FieldCode("from").ShouldBe("wrong_type");

    /// <summary>Another campaign of the same tenant with its events, laid by SQL.</summary>
    private async Task<Guid> LaunchAnotherAsync(Seed seed, string name, string launchedAt, int delivered, int opened)
    {
        var id = Guid.CreateVersion7();
        await seed.SqlAsync(service, $"""
            INSERT INTO campaigns (tenant_id, campaign_id, name, audience, status, created_at, updated_at, launched_at)
            VALUES (@TenantId, '{id}', '{name}', '{"{}"}', 'finished', '{launchedAt}', '{launchedAt}', '{launchedAt}');
            INSERT INTO events (tenant_id, event_id, received_at, type, at, campaign_id, delivery_id, class)
            SELECT @TenantId, gen_random_uuid(), '{launchedAt}', type, '{launchedAt}'::timestamptz + interval '1 minute', '{id}', md5('{id}' || n)::uuid, class
            FROM (VALUES ('{EventTypes.Accepted}', NULL, {delivered}), ('{EventTypes.Opened}', 'human', {opened})) AS kind (type, class, count), generate_series(1, count) AS n
            """);
        return id;
    }
}
