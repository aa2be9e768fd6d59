using System.Net;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Tests.Campaigns;
using NodaTime;

namespace CampaignHub.Server.Tests.Relays;

public sealed class RelayStandingTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Reason = "535 5.7.8 Authentication failed";

    private readonly TestService _service = fixture.Service;

    private Instant Now => _service.Get<IClock>().GetCurrentInstant();

    [Fact]
    public async Task A_new_relay_is_active_and_usable()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        var shown = await relay.ShownAsync();
        (shown["status"]!.GetValue<string>(), shown["pace"]!.GetValue<double>()).ShouldBe(("active", 1));
        (await relay.IsUsableAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_paused_relay_says_why_is_not_used_and_keeps_its_first_reason()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        (await PauseAsync(relay, Reason)).ShouldBeTrue();
        (await PauseAsync(relay, "another")).ShouldBeFalse("it was paused already");

        var shown = await relay.ShownAsync();
        (shown["status"]!.GetValue<string>(), shown["paused_reason"]!.GetValue<string>()).ShouldBe(("paused", Reason));
        shown["paused_at"].ShouldNotBeNull();
        (await relay.IsUsableAsync()).ShouldBeFalse();
        await relay.DoAsync(t => RelayStandingStore.NoteGoodAsync(t, [relay.Id]));
        (await relay.IsUsableAsync()).ShouldBeFalse("a message that was under way mends no login");
    }

    [Theory]
    [InlineData("""{ "enabled": true }""", true)]
    [InlineData("""{ "username": "u", "password": "p" }""", true)]
    [InlineData("""{ "weight": 2 }""", false)]
    public async Task A_change_lifts_the_pause_where_it_can_have_mended_it(string change, bool lifts)
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await PauseAsync(relay, Reason);
        var body = new StringContent(change, System.Text.Encoding.UTF8, "application/json");
        var changed = await relay.Tenant.Http.PatchAsync(relay.Path, body).ExpectAsync(HttpStatusCode.OK);
        changed["status"]!.GetValue<string>().ShouldBe(lifts ? "active" : "paused");
        (await relay.IsUsableAsync()).ShouldBe(lifts);
    }

    [Fact]
    public async Task A_fault_of_a_relay_as_it_was_before_a_change_pauses_it_no_more()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        var before = await relay.ReadAsync();
        await relay.Tenant.Http.PatchAsync(relay.Path, new { username = "u", password = "right" }, HttpStatusCode.OK);
        (await relay.InAsync(t => RelayStandingStore.NotePausedAsync(t, before, Reason, Now))).ShouldBeFalse();
        (await relay.IsUsableAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Only_a_check_that_goes_well_lifts_the_pause()
    {
        await using var sink = SmtpSink.Start(Smtp.Relay.Options);
        var relay = await StoredRelay.MakeAsync(_service, new { name = "a", host = "127.0.0.1", port = sink.Port });
        await PauseAsync(relay, Reason);
        (await relay.Tenant.Http.PostAsync($"{relay.Path}/check", new { }, HttpStatusCode.OK))["ok"]!.GetValue<bool>().ShouldBeFalse();
        (await relay.ShownAsync())["status"]!.GetValue<string>().ShouldBe("paused");

        await relay.Tenant.Http.PatchAsync(relay.Path, new { tls = "none" }, HttpStatusCode.OK);
        await PauseAsync(relay, Reason);
        (await relay.Tenant.Http.PostAsync($"{relay.Path}/check", new { }, HttpStatusCode.OK))["ok"]!.GetValue<bool>().ShouldBeTrue();
        (await relay.ShownAsync())["status"]!.GetValue<string>().ShouldBe("active");
    }

    [Fact]
    public async Task Faults_in_a_row_open_the_breaker_for_ever_longer_up_to_a_minute()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        foreach (var seconds in (int[])[2, 4, 8, 16, 32, 60, 60])
        {
            var (before, rest, after) = await relay.InAsync(async t =>
            {
                var before = await ClockAsync(t);
                await RelayStandingStore.NoteFaultAsync(t, relay.Id);
                return (before, await t.QuerySingleAsync<Instant>("SELECT breaker_until FROM relay_standing WHERE tenant_id = @TenantId", new { t.TenantId }), await ClockAsync(t));
            });
            rest.ShouldBeInRange(before + Duration.FromSeconds(seconds), after + Duration.FromSeconds(seconds));
            await relay.AgeAsync("1 minute");
            (await relay.IsUsableAsync()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task While_the_breaker_is_open_the_relay_rests_and_further_faults_add_nothing()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await FaultsOfOldAsync(relay, 4);
        await relay.DoAsync(t => RelayStandingStore.NoteFaultAsync(t, relay.Id));
        await relay.DoAsync(t => RelayStandingStore.NoteFaultAsync(t, relay.Id)); // of a second connection
        (await relay.IsUsableAsync()).ShouldBeFalse();
        (await relay.ShownAsync())["status"]!.GetValue<string>().ShouldBe("resting");
        await relay.AgeAsync("32 seconds");
        (await relay.IsUsableAsync()).ShouldBeTrue("the fifth in a row is 32 seconds");
    }

    [Fact]
    public async Task A_message_that_is_taken_closes_the_breaker_and_the_next_fault_counts_from_the_first()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await FaultsOfOldAsync(relay, 3);
        await relay.DoAsync(t => RelayStandingStore.NoteGoodAsync(t, [relay.Id]));
        await relay.DoAsync(t => RelayStandingStore.NoteFaultAsync(t, relay.Id));
        await relay.AgeAsync("2 seconds");
        (await relay.IsUsableAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_relay_that_asks_for_less_is_used_at_half_its_pace_and_recovers_by_and_by()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        (await SlowAsync(relay)).ShouldBe(0.5);
        (await SlowAsync(relay)).ShouldBe(0.5, "replies to what was under way come together");
        await relay.AgeAsync("11 seconds");
        (await SlowAsync(relay)).ShouldBe(0.25);
        (await relay.IsUsableAsync()).ShouldBeTrue();

        await relay.AgeAsync("6 minutes");
        (await relay.ReadAsync()).Pace.ShouldBeInRange(0.5, 0.99);
        await relay.AgeAsync("1 minute");
        (await relay.ReadAsync()).Pace.ShouldBe(1);
        await relay.AgeAsync("1000 days");
        (await relay.ReadAsync()).Pace.ShouldBe(1);
        (await SlowAsync(relay)).ShouldBe(0.5);
    }

    [Fact]
    public async Task A_pace_never_falls_to_nothing()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        for (var n = 0; n < 9; n++)
        {
            await SlowAsync(relay);
            await relay.AgeAsync("11 seconds");
        }
        (await relay.ReadAsync()).Pace.ShouldBe(1 / 64.0);
    }

    [Fact]
    public async Task A_relay_whose_quota_is_used_up_rests_until_it_is_renewed()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await relay.DoAsync(t => RelayStandingStore.NoteQuotaAsync(t, relay.Id, Duration.FromHours(1)));
        await relay.DoAsync(t => RelayStandingStore.NoteQuotaAsync(t, relay.Id, Duration.FromMinutes(1)));
        await relay.DoAsync(t => RelayStandingStore.NoteGoodAsync(t, [relay.Id]));
        await relay.AgeAsync("59 minutes");
        (await relay.IsUsableAsync()).ShouldBeFalse("the longer rest stands");
        (await relay.ShownAsync())["resting_until"].ShouldNotBeNull();
        await relay.AgeAsync("1 minute");
        (await relay.IsUsableAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_nodes_that_see_a_fault_at_once_count_it_once()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await FaultsOfOldAsync(relay, 4);
        await using var first = await relay.BeginAsync();
        await using var second = await relay.BeginAsync();
        await RelayStandingStore.NoteFaultAsync(first, relay.Id);
        var waiting = RelayStandingStore.NoteFaultAsync(second, relay.Id);
        await first.CommitAsync();
        await waiting;
        await second.CommitAsync();
        await relay.AgeAsync("32 seconds");
        (await relay.IsUsableAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_written_of_a_relay_that_is_gone()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        var before = await relay.ReadAsync();
        await relay.DoAsync(t => RelayStandingStore.NoteFaultAsync(t, relay.Id));
        await relay.Tenant.Http.DeleteAsync(relay.Path).ExpectAsync(HttpStatusCode.NoContent);
        await relay.DoAsync(t => RelayStandingStore.NoteFaultAsync(t, relay.Id));
        await relay.DoAsync(t => RelayStandingStore.NoteSlowedAsync(t, relay.Id));
        await relay.DoAsync(t => RelayStandingStore.NoteQuotaAsync(t, relay.Id, Duration.FromHours(1)));
        (await relay.InAsync(t => RelayStandingStore.NotePausedAsync(t, before, Reason, Now))).ShouldBeFalse();
        (await relay.InAsync(t => t.QuerySingleAsync<long>("SELECT count(*) FROM relay_standing WHERE tenant_id = @TenantId", new { t.TenantId }))).ShouldBe(0);
    }

    [Fact]
    public async Task A_campaign_is_not_ready_while_every_relay_is_paused_and_says_why()
    {
        var relay = await StoredRelay.MakeAsync(_service, new { name = "Provider EU", host = "127.0.0.1" });
        var list = await _service.ListAsync(relay.Tenant, "granted", "ann@example.com");
        var campaign = await relay.Tenant.Http.PostAsync("/v1/campaigns", CampaignSeed.Whole(list), HttpStatusCode.Created);
        await PauseAsync(relay, Reason);

        var readiness = await relay.Tenant.Http.GetJsonAsync($"/v1/campaigns/{campaign["id"]}/readiness");
        var blocker = readiness["blockers"]!.AsArray().ShouldHaveSingleItem()!;
        blocker["code"]!.GetValue<string>().ShouldBe("no_relay");
        blocker["message"]!.GetValue<string>().ShouldContain($"Provider EU: {Reason}");

        await relay.Tenant.Http.PostAsync("/v1/relays", new { name = "other", host = "127.0.0.1" }, HttpStatusCode.Created);
        readiness = await relay.Tenant.Http.GetJsonAsync($"/v1/campaigns/{campaign["id"]}/readiness");
        readiness["ready"]!.GetValue<bool>().ShouldBeTrue(readiness.ToJsonString());
        readiness["warnings"]!.AsArray().Select(w => w!["code"]!.GetValue<string>()).ShouldContain("relay_paused");
    }

    /// <summary>Faults in a row whose rests are over.</summary>
    private static async Task FaultsOfOldAsync(StoredRelay relay, int faults)
    {
        for (var fault = 0; fault < faults; fault++)
        {
            await relay.DoAsync(t => RelayStandingStore.NoteFaultAsync(t, relay.Id));
            await relay.AgeAsync("1 minute");
        }
    }

    private static Task<Instant> ClockAsync(TenantTransaction transaction) => transaction.QuerySingleAsync<Instant>("SELECT clock_timestamp()");

    private static Task<bool> PauseAsync(StoredRelay relay, string reason) => relay.InAsync(async t => await RelayStandingStore.NotePausedAsync(
        t, (await RelayStore.FindAsync(t, relay.Id))!, reason, relay.Service.Get<IClock>().GetCurrentInstant()));

    private static async Task<double> SlowAsync(StoredRelay relay)
    {
        await relay.DoAsync(t => RelayStandingStore.NoteSlowedAsync(t, relay.Id));
        return (await relay.ReadAsync()).Pace;
    }
}
