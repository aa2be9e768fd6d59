using System.Net;
using CampaignHub.Server.Events;

namespace CampaignHub.Server.Tests.Reports;

public sealed class TimelineTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task An_hour_that_comes_twice_is_two_and_uniques_stand_at_their_first_hit()
    {
        var seed = await Seed.SentAsync(service, 3);
        // Berlin, 25 October 2026: 00:30 UTC is 02:30 for the first time, 01:30 UTC for the second.
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-10-24T23:59:59Z", 0, null, null), (EventTypes.Accepted, "2026-10-25T00:00:00Z", 1, null, null),
            (EventTypes.Opened, "2026-10-25T00:30:00Z", 0, null, "privacy_proxy"), (EventTypes.Opened, "2026-10-25T01:30:00Z", 0, null, null),
            (EventTypes.Opened, "2026-10-25T01:31:00Z", 1, null, null), (EventTypes.Clicked, "2026-10-25T03:00:00Z", 1, 0, "machine"));
        await seed.FoldedReportAsync(service);
        var timeline = await seed.ReportAsync("timeline?time_zone=Europe/Berlin");
        timeline["interval"]!.GetValue<string>().ShouldBe("hour");
        timeline["data"]!.AsArray().Select(e => $"{e!["at"]} {e["local"]!.GetValue<string>()[..16]} {e["accepted"]} "
            + $"{e["opens"]!["all"]}/{e["opens"]!["without_privacy_proxies"]}/{e["opens"]!["human"]} {e["clicks"]!["all"]}/{e["clicks"]!["human"]}").ShouldBe(
        [
            "2026-10-24T23:00:00Z 2026-10-25T01:00 1 0/0/0 0/0",
            "2026-10-25T00:00:00Z 2026-10-25T02:00 1 1/0/0 0/0",
            "2026-10-25T01:00:00Z 2026-10-25T02:00 0 1/2/2 0/0",
            "2026-10-25T02:00:00Z 2026-10-25T03:00 0 0/0/0 0/0",
            "2026-10-25T03:00:00Z 2026-10-25T04:00 0 0/0/0 1/0",
        ]);
    }

    [Fact]
    public async Task Days_are_those_of_the_zone_that_is_asked_for()
    {
        var seed = await Seed.SentAsync(service, 3);
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-10-24T18:29:00Z", 0, null, null), (EventTypes.Accepted, "2026-10-24T18:30:00Z", 1, null, null),
            (EventTypes.Accepted, "2026-10-25T22:30:00Z", 2, null, null));
        await seed.FoldedReportAsync(service);
        (await DaysAsync("Asia/Kolkata")).ShouldBe(["2026-10-23T18:30:00Z 1", "2026-10-24T18:30:00Z 1", "2026-10-25T18:30:00Z 1"]);
        (await DaysAsync("Europe/Berlin")).ShouldBe(["2026-10-23T22:00:00Z 2", "2026-10-24T22:00:00Z 1"]); // 25 hours
        (await DaysAsync("Etc/UTC")).ShouldBe(["2026-10-24T00:00:00Z 2", "2026-10-25T00:00:00Z 1"]);

        async Task<IEnumerable<string>> DaysAsync(string zone) =>
            (await seed.ReportAsync($"timeline?interval=day&time_zone={zone}"))["data"]!.AsArray().Select(e => $"{e!["at"]} {e["accepted"]}");
    }

    [Fact]
    public async Task A_stretch_that_is_asked_for_is_whole_and_ends_with_the_bucket_of_its_end()
    {
        var seed = await Seed.SentAsync(service, 2);
        (await seed.ReportAsync("timeline"))["data"]!.AsArray().ShouldBeEmpty();
        await seed.AppendAsync(service, (EventTypes.Accepted, "2026-11-27T09:59:00Z", 0, null, null), (EventTypes.Accepted, "2026-12-27T12:00:00Z", 1, null, null));
        await seed.FoldedReportAsync(service);
        (await seed.ReportAsync("timeline?from=2026-11-27T08:10:00Z&to=2026-11-27T10:00:00Z"))["data"]!.AsArray()
            .Select(e => $"{e!["at"]} {e["accepted"]}").ShouldBe(["2026-11-27T08:00:00Z 0", "2026-11-27T09:00:00Z 1"]);
        (await seed.ReportAsync("timeline"))["data"]!.AsArray().Count.ShouldBe((30 * 24) + 4); // 27 November 09:00 to 27 December 12:00
    }

    [Theory]
    [InlineData("time_zone=Mars/Olympus", "time_zone", "unknown_time_zone")]
    [InlineData("interval=minute", "interval", "invalid")]
    [InlineData("format=xml", "format", "invalid")]
    [InlineData("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "from", "invalid")]
    [InlineData("from=2026-10-01T00:00:00Z&to=2026-11-02T00:00:00Z", "to", "out_of_range")]
    [InlineData("from=1999-01-01T00:00:00Z", "from", "out_of_range")]
    [InlineData("to=9998-01-01T00:00:00Z", "to", "out_of_range")]
    public async Task What_can_not_be_asked_for_is_refused(string query, string field, string code)
    {
        var seed = await Seed.SentAsync(service, 1);
        (await seed.Tenant.Http.GetAsync($"/v1/campaigns/{seed.CampaignId}/report/timeline?{query}").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldBe(code);
    }
}
