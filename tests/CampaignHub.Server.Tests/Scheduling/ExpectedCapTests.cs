using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Time;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>Whom a plan expects to be at their cap. It is Friday noon in Berlin's winter.</summary>
public sealed class ExpectedCapTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Scenario _scenario = null!;
    private Guid _ann;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-27T11:00:00Z");
        _scenario = await Scenario.StartAsync(_service);
        _ann = await _scenario.AddAsync("ann@mail.example", "Europe/Berlin");
    }

    [Fact]
    public async Task A_plan_counts_who_will_have_had_as_many_messages_as_they_may_at_their_own_instant_and_the_mark_agrees()
    {
        await _scenario.AddAsync("kenji@mail.example", "Asia/Tokyo");
        await SendAsync();
        await _scenario.AddAsync("new@mail.example", "Europe/Berlin");
        await CapAsync(1, "PT16H", "skip");

        // 02:00 on the 28th is 17:00Z in Tokyo and 01:00Z in Berlin, six and fourteen hours after the first campaign; 04:10 is 03:10Z in Berlin, over sixteen.
        Capped(await _scenario.PlanAsync(await NightlyAsync("02:00"))).ShouldBe("""{"frequency_cap":2,"frequency_wish":0,"when_capped":"skip"}""");
        var campaign = await NightlyAsync("04:10");
        var plan = await _scenario.PlanAsync(campaign);
        Capped(plan).ShouldBe("""{"frequency_cap":1,"frequency_wish":0,"when_capped":"skip"}""");
        plan["recipients"]!.GetValue<int>().ShouldBe(3);

        await _scenario.LaunchAsync(campaign);
        StepTo("2026-11-27T19:10:01Z");
        await SettledAsync(campaign, 1);
        StepTo("2026-11-28T03:10:01Z");
        await _scenario.FinishedAsync(campaign);
        (await _scenario.DeliveriesAsync(campaign)).Where(d => d.Value["reason"]?.GetValue<string>() == "frequency_cap").Select(d => d.Key).ShouldBe(["kenji@mail.example"]);
    }

    [Fact]
    public async Task What_other_launched_campaigns_will_have_sent_by_then_counts_and_what_comes_later_or_is_only_planned_does_not()
    {
        await _scenario.PlanAsync(await AtAsync("2026-11-28T08:00:00Z"));
        await _scenario.LaunchAsync(await AtAsync("2026-11-28T09:00:00Z"));
        await _scenario.LaunchAsync(await AtAsync("2026-11-28T20:00:00Z"));
        await CapAsync(1, "PT4H", "next_day");

        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-28T08:59:00Z"))).ShouldContain("\"frequency_cap\":0");
        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-28T09:00:00Z"))).ShouldBe("""{"frequency_cap":1,"frequency_wish":0,"when_capped":"next_day"}""");
        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-28T12:59:00Z"))).ShouldContain("\"frequency_cap\":1");
        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-28T13:00:00Z"))).ShouldContain("\"frequency_cap\":0");
    }

    [Fact]
    public async Task What_somebody_wants_themselves_is_counted_by_their_own_days_beside_the_cap_and_once_where_both_hold()
    {
        await _scenario.Http.PatchAsync($"/v1/recipients/{_ann}", new { max_frequency = "daily" }, HttpStatusCode.OK);
        await SendAsync();

        // Berlin's midnight is at 23:00Z.
        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-27T22:59:00Z"))).ShouldBe("""{"frequency_cap":0,"frequency_wish":1,"when_capped":"skip"}""");
        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-27T23:00:00Z"))).ShouldContain("\"frequency_wish\":0");
        await _scenario.Http.PatchAsync($"/v1/recipients/{_ann}", new { max_frequency = "weekly" }, HttpStatusCode.OK);
        Capped(await _scenario.PlanAsync(await AtAsync("2026-12-03T22:59:00Z"))).ShouldContain("\"frequency_wish\":1");
        Capped(await _scenario.PlanAsync(await AtAsync("2026-12-03T23:00:00Z"))).ShouldContain("\"frequency_wish\":0");
        await CapAsync(1, "P1D", "next_day");
        Capped(await _scenario.PlanAsync(await AtAsync("2026-11-27T22:59:00Z"))).ShouldBe("""{"frequency_cap":1,"frequency_wish":0,"when_capped":"next_day"}""");
    }

    [Fact]
    public async Task A_campaigns_own_cap_stands_instead_of_the_tenants_now_is_the_moment_of_planning_and_without_either_nothing_is_said()
    {
        await SendAsync();

        (await _scenario.PlanAsync(await _scenario.DraftAsync()))["capped"].ShouldBeNull();
        await CapAsync(1, "PT16H", "skip");
        Capped(await _scenario.PlanAsync(await _scenario.DraftAsync())).ShouldContain("\"frequency_cap\":1");
        Capped(await _scenario.PlanAsync(await _scenario.DraftAsync(new { strategy = "now", frequency_cap = new { messages = 2, per = "PT16H" } }))).ShouldContain("\"frequency_cap\":0");
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }

    private static string Capped(JsonObject plan) => plan["capped"]!.ToJsonString();

    private Task<Guid> AtAsync(string instant) => _scenario.DraftAsync(new { strategy = "instant", at = instant });

    private Task<Guid> NightlyAsync(string time) => _scenario.DraftAsync(new { strategy = "local_time", date = "2026-11-28", time });

    private Task<JsonObject> CapAsync(int messages, string per, string whenCapped) =>
        _scenario.Http.PutAsync("/v1/frequency-cap", new { messages, per, when_capped = whenCapped }, HttpStatusCode.OK);

    private async Task SendAsync()
    {
        var campaign = await _scenario.DraftAsync();
        await _scenario.LaunchAsync(campaign);
        await _scenario.FinishedAsync(campaign);
    }

    private async Task SettledAsync(Guid campaign, int count) => await Eventually.Async(
        () => _scenario.DeliveriesAsync(campaign), d => d.Values.Count(x => x["state"]!.GetValue<string>() != "scheduled") == count, "its wave is worked off");

    private void StepTo(string at) => _service.Get<BusinessClock>().StepTo(InstantPattern.ExtendedIso.Parse(at).Value);
}
