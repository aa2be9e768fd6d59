using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Tests.Relays;

public sealed class RelayShareTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly Guid[] Nodes = [.. Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).Order()];

    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Nodes_learn_how_many_they_are_and_each_its_own_place()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        (await BeatAsync(relay, Nodes[1])).ShouldBe(new RelayPresence { Nodes = 1, Rank = 0, Settled = true });
        (await BeatAsync(relay, Nodes[0])).Nodes.ShouldBe(2);
        (await BeatAsync(relay, Nodes[2])).Nodes.ShouldBe(3);
        for (var n = 0; n < Nodes.Length; n++)
        {
            var presence = await BeatAsync(relay, Nodes[n]);
            (presence.Nodes, presence.Rank).ShouldBe((3, n));
        }
    }

    [Fact]
    public async Task A_node_that_joins_is_settled_once_all_others_have_beaten_since()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await BeatAsync(relay, Nodes[0]);
        await relay.AgeAsync("5 seconds");
        (await BeatAsync(relay, Nodes[1])).Settled.ShouldBeFalse("the first still uses it all");
        await relay.AgeAsync("5 seconds");
        (await BeatAsync(relay, Nodes[0])).Settled.ShouldBeTrue();
        (await BeatAsync(relay, Nodes[1])).Settled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_silent_for_fifteen_seconds_is_forgotten_and_joins_anew()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await BeatAsync(relay, Nodes[0]);
        await BeatAsync(relay, Nodes[1]);
        await relay.AgeAsync("10 seconds");
        (await BeatAsync(relay, Nodes[1])).Nodes.ShouldBe(2);
        await relay.AgeAsync("6 seconds");
        (await BeatAsync(relay, Nodes[1])).ShouldBe(new RelayPresence { Nodes = 1, Rank = 0, Settled = true });
        (await CountAsync(relay)).ShouldBe(1);
        (await BeatAsync(relay, Nodes[0])).Settled.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_that_come_back_at_once_find_one_another()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await BeatAsync(relay, Nodes[0]);
        await BeatAsync(relay, Nodes[1]);
        await relay.AgeAsync("1 minute");
        await using var first = await relay.BeginAsync();
        await using var second = await relay.BeginAsync();
        await RelayShareStore.BeatAsync(first, relay.Id, Nodes[0]);
        var other = RelayShareStore.BeatAsync(second, relay.Id, Nodes[1]); // whose row the first has just forgotten
        await first.CommitAsync();
        await other;
        await second.CommitAsync();
        (await BeatAsync(relay, Nodes[0])).Nodes.ShouldBe(2);
    }

    [Fact]
    public async Task A_relay_that_is_gone_is_kept_by_nobody()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await BeatAsync(relay, Nodes[0]);
        await relay.Tenant.Http.DeleteAsync(relay.Path);
        await BeatAsync(relay, Nodes[0]);
        (await CountAsync(relay)).ShouldBe(0);
    }

    private static Task<RelayPresence> BeatAsync(StoredRelay relay, Guid node) => relay.InAsync(t => RelayShareStore.BeatAsync(t, relay.Id, node));

    private static Task<long> CountAsync(StoredRelay relay) => relay.InAsync(t => t.QuerySingleAsync<long>(
        "SELECT count(*) FROM relay_nodes WHERE tenant_id = @TenantId", new { t.TenantId }));
}
