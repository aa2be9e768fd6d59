using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports;
using CampaignHub.Server.Tests.Operations;
using CampaignHub.Server.Tests.Tracking;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>Roll-ups held against the events that they were folded from, event by event.</summary>
public sealed class RollupVerificationTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task What_eight_writers_appended_out_of_order_is_folded_as_it_is_recounted()
    {
        var seed = await Seed.SentAsync(service, 200);
        var writers = new LateWriters(service, seed);
        await writers.WriteAsync(8);
        await seed.FoldedReportAsync(service);
        var (events, differences) = await VerifyAsync();
        events.ShouldBeGreaterThanOrEqualTo(writers.Appended);
        differences.ShouldBeEmpty();
        (await CountAsync(seed, "SELECT count(*) FROM first_hits")).ShouldBeGreaterThan(0);
        (await CountAsync(seed, "SELECT count(*) FROM first_hits WHERE links IS NOT NULL")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_earlier_hit_that_comes_late_takes_its_unique_to_its_own_time_and_device()
    {
        var seed = await Seed.SentAsync(service, 1);
        await seed.SqlAsync(service, "UPDATE deliveries SET sent_at = '2026-11-27T09:00:00Z' WHERE tenant_id = @TenantId");
        await LayHitAsync(seed, "2026-11-27T11:20:00Z", Browser.Chrome);
        await seed.FoldedReportAsync(service);
        (await UniquesAsync(seed)).ShouldBe(["client chrome", $"delay {DelayOf(8_400)}", "device desktop", "quarter 2026-11-27T11:15"]);
        await LayHitAsync(seed, "2026-11-27T09:00:30Z", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148");
        await seed.FoldedReportAsync(service);
        (await UniquesAsync(seed)).ShouldBe(["client apple_mail", $"delay {DelayOf(30)}", "device mobile", "quarter 2026-11-27T09:00"]);
        await LayHitAsync(seed, "2026-11-27T10:00:00Z", Browser.GmailProxy);
        await seed.FoldedReportAsync(service);
        (await UniquesAsync(seed)).ShouldBe(["client apple_mail", $"delay {DelayOf(30)}", "device mobile", "quarter 2026-11-27T09:00"]);
        (await VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delays_of_replies_that_an_earlier_version_has_folded_are_counted_by_the_migration()
    {
        await using var own = await TestService.StartAsync();
        var seed = await Seed.SentAsync(own, 40);
        await seed.SqlAsync(own, "UPDATE deliveries SET sent_at = '2026-11-27T09:00:00Z' WHERE tenant_id = @TenantId");
        // From half a second to weeks: one in each of forty buckets, some on their bounds.
        await seed.AppendAsync(own, [.. Enumerable.Range(0, 40).Select(n => (
            EventTypes.Replied, InstantPattern.ExtendedIso.Format(Instant.FromUtc(2026, 11, 27, 9, 0) + Duration.FromSeconds(0.5 * Math.Pow(2, n / 2.0))), n, (int?)null, (string?)null))]);
        await seed.FoldedReportAsync(own);
        (await RunAsync(own)).Output.ShouldBe("40 events of 1 campaigns recounted, 0 differences.\n");

        await own.SqlAsync("DELETE FROM campaignhub.rollups WHERE dimension = 'delay'");
        (await RunAsync(own)).Status.ShouldBe(1);
        await own.MigrateAgainAsync("0054_reply_delays.sql");
        (await RunAsync(own)).Output.ShouldBe("40 events of 1 campaigns recounted, 0 differences.\n");
    }

    [Fact]
    public async Task A_counter_and_a_mark_that_were_changed_by_hand_are_found_and_the_status_is_1()
    {
        await using var own = await TestService.StartAsync();
        var seed = await Seed.SentAsync(own, 3);
        await AppendAsync(own, seed, [.. seed.Deliveries.Select(d => new Event(EventTypes.Accepted, Now(own)) { CampaignId = seed.CampaignId, DeliveryId = d })]);
        await seed.FoldedReportAsync(own);
        (await RunAsync(own)).ShouldBe(new VerbRun(0, "3 events of 1 campaigns recounted, 0 differences.\n", ""));

        await own.SqlAsync($"""
            UPDATE campaignhub.rollups SET accepted = accepted + 4 WHERE campaign_id = '{seed.CampaignId}' AND dimension = 'country' AND key = 'DE';
            DELETE FROM campaignhub.rollups WHERE campaign_id = '{seed.CampaignId}' AND dimension = 'time_zone' AND key = 'Asia/Tokyo';
            INSERT INTO campaignhub.first_hits (tenant_id, campaign_id, delivery_id, measure, class, first_at)
            VALUES ('{seed.Tenant.Id}', '{seed.CampaignId}', '{seed.Deliveries[0]}', 'open', 'privacy_proxy', '2026-11-27T09:00:00Z');
            """);
        var run = await RunAsync(own);
        run.Status.ShouldBe(1);
        var campaign = $"tenant {seed.Tenant.Id} campaign {seed.CampaignId}";
        run.Output.TrimEnd().Split('\n').ShouldBe(
        [
            $"{campaign} country 'DE' accepted: stored 6, recounted 2",
            $"{campaign} time_zone 'Asia/Tokyo' accepted: stored 0, recounted 1",
            $"{campaign} marks of first hits: stored 1, recounted 0",
            "3 events of 1 campaigns recounted, 3 differences.",
        ]);
    }

    [Fact]
    public async Task Killed_while_it_folds_nothing_is_counted_twice_or_lost()
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, people: 1_000);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        foreach (var until in (int[])[150, 450, 750])
        {
            await scenario.Sink.WaitForAsync(until, CancellationToken.None);
            await child.KillAsync();
            await child.StartAgainAsync();
        }
        await scenario.FinishedAsync(campaign);
        await Eventually.Async(
            () => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/report/breakdown?by=time_zone"),
            b => b["data"]!.AsArray().Sum(e => e!["accepted"]!.GetValue<long>()) == 1_000, "everything is folded");
        var run = await VerbRun.MakeAsync(new Dictionary<string, string> { ["ConnectionStrings__CampaignHub"] = child.ConnectionString }, "verify-rollups");
        run.Status.ShouldBe(0, run.Output + run.Errors);
        run.Output.ShouldEndWith("1 campaigns recounted, 0 differences.\n");
    }

    private static string DelayOf(double seconds) => Core.Reports.DelayScale.BucketOf(seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Instant Now(TestService service) => service.Get<IClock>().GetCurrentInstant();

    private static Task<VerbRun> RunAsync(TestService service) =>
        VerbRun.MakeAsync(new Dictionary<string, string> { ["ConnectionStrings__CampaignHub"] = service.ConnectionString }, "verify-rollups");

    private async Task<(long Events, IReadOnlyList<RollupDifference> Differences)> VerifyAsync()
    {
        var differences = new List<RollupDifference>();
        var verification = new RollupVerification(service.Get<Database>(), differences.Add, CancellationToken.None);
        await verification.RunAsync();
        return (verification.Events, differences);
    }

    /// <summary>A judged hit with its event, as tracking leaves them.</summary>
    private async Task LayHitAsync(Seed seed, string at, string agent)
    {
        await seed.SqlAsync(service, $"""
            INSERT INTO hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, method, user_agent, x_moz, class)
            VALUES (@TenantId, gen_random_uuid(), '{at}', 'open', '{seed.CampaignId}', '{seed.Deliveries[0]}', 'GET', '{agent}', false, 'human')
            """);
        var instant = InstantPattern.ExtendedIso.Parse(at).Value;
        await AppendAsync(service, seed, [new Event(EventTypes.Opened, instant)
        {
            CampaignId = seed.CampaignId, DeliveryId = seed.Deliveries[0], Class = "human", ReceivedAt = instant,
        }]);
    }

    private static async Task AppendAsync(TestService service, Seed seed, Event[] events)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await EventLog.AppendAsync(transaction, events, Now(service));
        await transaction.CommitAsync();
    }

    private async Task<long> CountAsync(Seed seed, string sql)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<long>(sql);
    }

    private async Task<IReadOnlyList<string>> UniquesAsync(Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QueryAsync<string>("""
            SELECT dimension || ' ' || key FROM rollups
            WHERE campaign_id = @CampaignId AND open_human_unique = 1 AND dimension IN ('client', 'delay', 'device', 'quarter') ORDER BY 1
            """, new { seed.CampaignId });
    }
}
