using System.Net;
using CampaignHub.Server.Tests.Audience.Imports;
using NodaTime;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>What kill -9 in the middle of a plan costs: nothing. It is computed once, whole, with nobody twice.</summary>
public sealed class PlanKillTests
{
    private const int People = 2_000;

    [Theory]
    [InlineData("plan", "planned")]
    [InlineData("launch", "scheduled")]
    public async Task Killed_in_mid_plan_it_is_computed_whole_after_the_next_start(string asked, string reached)
    {
        await using var child = await ChildService.StartAsync();
        var tenant = await child.NewTenantAsync();
#pragma warning disable RS0030 // The child runs on the system's clock.
        await using var scenario = await Scenario.StartAsync(tenant, SystemClock.Instance, maxConnections: 4);
#pragma warning restore RS0030
        await scenario.AddManyAsync(People);
        var campaign = await scenario.DraftAsync(new { strategy = "local_time", date = "2035-06-01", time = "10:00" });
        var ledger = $"SELECT count(*) FROM campaignhub.deliveries WHERE campaign_id = '{campaign}'";

        await using (var standstill = await Standstill.AfterAsync(child.ConnectionString, "INSERT ON campaignhub.plan_zones"))
        {
            await tenant.Http.PostAsync($"/v1/campaigns/{campaign}/{asked}", null).ExpectAsync(HttpStatusCode.Accepted);
            await KillAtAsync(child, standstill, "the plan has written its zones");
        }
        await using (var standstill = await Standstill.AfterAsync(child.ConnectionString, "INSERT ON campaignhub.deliveries"))
        {
            await child.StartAgainAsync();
            await KillAtAsync(child, standstill, "the plan has written the ledger");
            (await ImportCalls.QueryAsync<long>(child.ConnectionString, ledger)).ShouldBe(0);
        }
        await child.StartAgainAsync();

        var plan = await Eventually.Async(() => tenant.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan"), p => p["status"]!.GetValue<string>() == "ready", "the plan is computed");
        plan["recipients"]!.GetValue<int>().ShouldBe(People);
        plan["instants"]!.AsArray().Sum(i => i!["recipients"]!.GetValue<int>()).ShouldBe(People);
        (await ImportCalls.QueryAsync<long>(child.ConnectionString, ledger)).ShouldBe(People);
        (await ImportCalls.QueryAsync<long>(child.ConnectionString, ledger.Replace("*", "DISTINCT recipient_id", StringComparison.Ordinal))).ShouldBe(People);
        (await tenant.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["status"]!.GetValue<string>().ShouldBe(reached);
    }

    private static async Task KillAtAsync(ChildService child, Standstill standstill, string what)
    {
        await standstill.ReachedAsync(what);
        await child.KillAsync();
    }
}
