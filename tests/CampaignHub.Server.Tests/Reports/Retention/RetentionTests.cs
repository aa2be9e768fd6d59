using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Time;
using CampaignHub.Server.Reports;
using CampaignHub.Server.Tests.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tests.Reports.Retention;

/// <summary>How long events and hits are kept, and what reports say of what is gone.</summary>
public sealed class RetentionTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 10, 24, 0, 0);

    [Fact]
    public async Task Whole_months_are_dropped_and_reports_keep_their_numbers_and_say_that_they_are_sealed()
    {
        await using var service = await StartAsync("--CampaignHub:Retention:Months=1");
        var old = await ClickedAsync(service);
        var before = await ReportAsync(old);
        StepTo(service, Instant.FromUtc(2026, 11, 30, 12, 0));
        var recent = await ClickedAsync(service);
        (await HasMonthAsync(service, "2026_10")).ShouldBeTrue();
        before["sealed_before"].ShouldBeNull();

        StepTo(service, Instant.FromUtc(2026, 12, 1, 0, 1));
        await Eventually.Async(async () => !await HasMonthAsync(service, "2026_10"), "October is dropped");

        var after = await ReportAsync(old);
        after["clicks"]!.ToJsonString().ShouldBe(before["clicks"]!.ToJsonString());
        after["sealed_before"]!.GetValue<string>().ShouldBe("2026-11-01T00:00:00Z");
        (await ReportAsync(recent))["sealed_before"].ShouldBeNull();
        (await VerifyAsync(service)).ShouldBe((0, 1));
        (await CountAsync(service, old)).ShouldBe((0, 0));
        (await CountAsync(service, recent)).ShouldBe((1, 1));

        (await old.Tenant.Http.PostAsync($"/v1/campaigns/{old.CampaignId}/reclassify", null).ExpectAsync(HttpStatusCode.Conflict))["detail"]!.GetValue<string>()
            .ShouldContain("2026-11-01T00:00:00Z");

        // A late click on a sealed campaign still counts, once.
        using var http = service.Anonymous;
        await http.FetchAsync(old.Link());
        await Eventually.Async(() => ReportAsync(old), r => Hits(r) == 2, "the late click is counted");
        (await ReportAsync(old))["clicks"]!["human"]!["unique"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task A_tenants_shorter_time_takes_its_own_rows_and_nobody_elses()
    {
        await using var service = await StartAsync();
        var (shorter, kept) = (await ClickedAsync(service), await ClickedAsync(service));
        using var operators = service.Operator;
        var path = $"/v1/tenants/{shorter.Tenant.Id}";
        (await operators.PatchAsync(path, new { retention_days = 29 }, HttpStatusCode.UnprocessableEntity))["errors"]!["retention_days"].ShouldNotBeNull();
        (await operators.PatchAsync(path, new { retention_days = 30 }, HttpStatusCode.OK))["retention_days"]!.GetValue<int>().ShouldBe(30);

        StepTo(service, Start + Duration.FromDays(30) + Duration.FromHours(1));
        var young = await ClickedAsync(service);
        (await CountAsync(service, shorter)).ShouldBe((1, 1));
        StepTo(service, Start + Duration.FromDays(31));
        await Eventually.Async(async () => await CountAsync(service, shorter) == (0, 0), "its rows are gone");

        (await CountAsync(service, kept)).ShouldBe((1, 1));
        (await CountAsync(service, young)).ShouldBe((1, 1));
        Hits(await ReportAsync(shorter)).ShouldBe(1);
        (await VerifyAsync(service)).ShouldBe((0, 1));
        (await operators.PatchAsync(path, new { retention_days = (int?)null }, HttpStatusCode.OK))["retention_days"].ShouldBeNull();
    }

    [Fact]
    public async Task What_is_being_judged_again_is_neither_sealed_nor_dropped_meanwhile()
    {
        await using var service = await StartAsync();
        var seed = await ClickedAsync(service);
        using var operators = service.Operator;
        await operators.PatchAsync($"/v1/tenants/{seed.Tenant.Id}", new { retention_days = 30 }, HttpStatusCode.OK);
        await using (var again = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            await RollupStore.LockAsync(again);
            StepTo(service, Start + Duration.FromDays(31));
            await Task.Delay(TimeSpan.FromSeconds(10)); // Two rounds of the sweep.
            (await ReportAsync(seed))["sealed_before"].ShouldBeNull();
            (await CountAsync(service, seed)).ShouldBe((1, 1));
        }
        await Eventually.Async(async () => await CountAsync(service, seed) == (0, 0), "its rows are gone");
    }

    [Fact]
    public async Task A_month_that_is_read_for_long_is_dropped_when_the_reader_has_gone()
    {
        await using var service = await StartAsync("--CampaignHub:Retention:Months=1");
        var seed = await ClickedAsync(service);
        await using (var reader = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            await reader.ExecuteAsync("LOCK TABLE events IN ACCESS SHARE MODE");
            StepTo(service, Instant.FromUtc(2026, 12, 1, 0, 1));
            await Eventually.Async(async () => (await ReportAsync(seed))["sealed_before"] is not null, "the tenant is sealed");
            (await HasMonthAsync(service, "2026_10")).ShouldBeTrue();
            // Who only wants to write goes on meanwhile.
            await ClickedAsync(service);
        }
        await Eventually.Async(async () => !await HasMonthAsync(service, "2026_10"), "October is dropped");
    }

    private static Task<TestService> StartAsync(params string[] settings) =>
        TestService.StartAsync(["--CampaignHub:Clock:Start=2026-10-24T00:00:00Z", .. settings]);

    private static void StepTo(TestService service, Instant instant) => service.Get<BusinessClock>().StepTo(instant);

    /// <summary>A campaign that was launched just now, with one click that is counted.</summary>
    private static async Task<Seed> ClickedAsync(TestService service)
    {
        var seed = await Seed.SentAsync(service, 1);
        await seed.SqlAsync(service, $"UPDATE campaigns SET launched_at = '{service.Get<IClock>().GetCurrentInstant()}' WHERE tenant_id = @TenantId");
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Link());
        await Eventually.Async(() => ReportAsync(seed), r => Hits(r) == 1, "the click is counted");
        return seed;
    }

    private static Task<JsonObject> ReportAsync(Seed seed) => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report");

    private static long Hits(JsonObject report) => report["clicks"]!["human"]!["hits"]!.GetValue<long>();

    private static Task<bool> HasMonthAsync(TestService service, string month) => service.HasTableAsync($"campaignhub.events_{month}");

    private static async Task<(long Events, long Hits)> CountAsync(TestService service, Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<(long, long)>("""
            SELECT (SELECT count(*) FROM events WHERE tenant_id = @TenantId), (SELECT count(*) FROM hits WHERE tenant_id = @TenantId)
            """, new { transaction.TenantId });
    }

    private static async Task<(long Differences, long Sealed)> VerifyAsync(TestService service)
    {
        var verification = new RollupVerification(service.Get<Database>(), _ => { }, CancellationToken.None);
        await verification.RunAsync();
        return (verification.Differences, verification.Sealed);
    }
}
