using System.Net;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>What the best hour of each has gained over the fixed one.</summary>
public sealed class LiftTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Both_groups_are_counted_within_a_day_and_the_difference_is_said_with_its_interval()
    {
        var seed = await SentAsync(deliveries: 200); // Every other one was held out.
        var (ours, heldOut) = (Enumerable.Range(0, 100).Select(i => 2 * i), Enumerable.Range(0, 100).Select(i => 2 * i + 1));
        await seed.AppendAsync(service, [.. ours.Concat(heldOut).Select(d => (EventTypes.Accepted, "2026-11-27T09:00:01Z", d, (int?)null, (string?)null))]);
        await seed.AppendAsync(service,
        [
            .. ours.Take(60).Concat(heldOut.Take(30)).Select(d => (EventTypes.Opened, "2026-11-27T20:00:00Z", d, (int?)null, (string?)null)),
            .. ours.Take(4).Concat(heldOut.Take(3)).Select(d => (EventTypes.Clicked, "2026-11-28T08:59:59Z", d, (int?)0, (string?)null)),
            // After a day, and by a machine: no gain.
            .. ours.Skip(60).Take(20).Select(d => (EventTypes.Opened, "2026-11-28T09:00:00Z", d, (int?)null, (string?)null)),
            .. heldOut.Skip(30).Take(20).Select(d => (EventTypes.Opened, "2026-11-27T09:01:00Z", d, (int?)null, (string?)"machine")),
        ]);
        await seed.FoldedReportAsync(service);

        var lift = await seed.ReportAsync("lift");

        lift["best_time"]!.ToJsonString().ShouldBe("""{"accepted":100,"opened":60,"clicked":4}""");
        lift["holdout"]!.ToJsonString().ShouldBe("""{"accepted":100,"opened":30,"clicked":3}""");
        lift["opens"]!["known"]!.GetValue<bool>().ShouldBeTrue();
        lift["opens"]!["sentence"]!.GetValue<string>().ShouldBe("+30.0 percentage points of human opens, between +16.3 and +42.2 percentage points");
        lift["clicks"]!["known"]!.GetValue<bool>().ShouldBeFalse();
        lift["clicks"]!["sentence"]!.GetValue<string>().ShouldStartWith("not yet known: between −");
        (await Folding.DifferencesAsync(service.Get<Database>())).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_campaign_with_another_strategy_has_none()
    {
        var seed = await Seed.SentAsync(service, 2);
        (await seed.Tenant.Http.GetAsync(new Uri($"/v1/campaigns/{seed.CampaignId}/report/lift", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<Seed> SentAsync(int deliveries)
    {
        var seed = await Seed.SentAsync(service, deliveries);
        await seed.SqlAsync(service, """
            UPDATE campaigns SET schedule = '{"strategy":"best_time","allowed_hours":{"from":"07:00","to":"22:00"}}' WHERE tenant_id = @TenantId;
            UPDATE plan_zones SET arm = CASE zone_number WHEN 0 THEN 'learned' ELSE 'holdout' END WHERE tenant_id = @TenantId;
            UPDATE deliveries SET sent_at = '2026-11-27T09:00:00Z' WHERE tenant_id = @TenantId;
            """);
        return seed;
    }
}
