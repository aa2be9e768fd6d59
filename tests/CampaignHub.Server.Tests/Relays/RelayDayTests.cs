using System.Net;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Tests.Relays;

public sealed class RelayDayTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly Instant First = Instant.FromUtc(2026, 11, 27, 10, 0);
    private static readonly object WarmUp = new { name = "r", host = "127.0.0.1", warm_up = (int[])[50, 100] };

    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Each_day_has_its_limit_and_after_the_last_there_is_none()
    {
        var relay = await StoredRelay.MakeAsync(_service, WarmUp);
        (await TakeAsync(relay, 30, First)).ShouldBe(30);
        (await TakeAsync(relay, 30, First)).ShouldBe(20);
        (await TakeAsync(relay, 30, First)).ShouldBe(0);
        var second = First + Duration.FromHours(14); // midnight, UTC
        (await TakeAsync(relay, 30, second - Duration.Epsilon)).ShouldBe(0);
        (await TakeAsync(relay, 200, second)).ShouldBe(100);
        (await TakeAsync(relay, 30, First)).ShouldBe(0, "a node whose clock is behind");
        (await TakeAsync(relay, 200, First + Duration.FromDays(2))).ShouldBe(200);
    }

    [Fact]
    public async Task Days_without_mail_count()
    {
        var relay = await StoredRelay.MakeAsync(_service, WarmUp);
        (await TakeAsync(relay, 1, First)).ShouldBe(1);
        (await TakeAsync(relay, 1_000, First + Duration.FromDays(5))).ShouldBe(1_000);
    }

    [Fact]
    public async Task A_relay_without_warm_up_has_no_limit_and_nothing_is_counted()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        (await TakeAsync(relay, 1_000_000, First)).ShouldBe(1_000_000);
        (await relay.InAsync(t => t.QuerySingleAsync<long>("SELECT count(*) FROM relay_days WHERE tenant_id = @TenantId", new { t.TenantId }))).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_given_back_may_be_taken_again_on_its_day()
    {
        var relay = await StoredRelay.MakeAsync(_service, WarmUp);
        await TakeAsync(relay, 50, First);
        await relay.DoAsync(t => RelayDayStore.GiveBackAsync(t, relay.Id, 10, First));
        (await TakeAsync(relay, 50, First)).ShouldBe(10);
    }

    [Fact]
    public async Task Nodes_that_take_at_once_get_no_more_together()
    {
        var relay = await StoredRelay.MakeAsync(_service, WarmUp);
        await using var first = await relay.BeginAsync();
        await using var second = await relay.BeginAsync();
        var taken = await RelayDayStore.TakeAsync(first, relay.Id, 40, First);
        var waiting = RelayDayStore.TakeAsync(second, relay.Id, 40, First);
        await first.CommitAsync();
        (taken, await waiting).ShouldBe((40, 10));
        await second.CommitAsync();

        var many = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TakeAsync(relay, 7, First + Duration.FromDays(1))));
        many.Sum().ShouldBe(100);
    }

    [Fact]
    public async Task A_warm_up_that_is_taken_away_and_given_again_begins_anew()
    {
        var relay = await StoredRelay.MakeAsync(_service, WarmUp);
        await TakeAsync(relay, 50, First);
        await relay.Tenant.Http.PatchAsync(relay.Path, new { warm_up = (int[]?)null }, HttpStatusCode.OK);
        await relay.Tenant.Http.PatchAsync(relay.Path, new { warm_up = (int[])[5, 6] }, HttpStatusCode.OK);
        (await TakeAsync(relay, 50, First + Duration.FromDays(9))).ShouldBe(5);
    }

    private static Task<int> TakeAsync(StoredRelay relay, int wanted, Instant now) => relay.InAsync(t => RelayDayStore.TakeAsync(t, relay.Id, wanted, now));
}
