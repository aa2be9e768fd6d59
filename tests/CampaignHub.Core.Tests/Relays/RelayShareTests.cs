using CampaignHub.Core.Relays;
using CsCheck;

namespace CampaignHub.Core.Tests.Relays;

public sealed class RelayShareTests
{
    private static readonly Gen<(int Connections, int? PerSecond, int Nodes)> Limits =
        Gen.Select(Gen.Int[1, 100], Gen.Int[1, 100_000].Nullable(), Gen.Int[1, 150]);

    [Fact]
    public void The_parts_of_all_nodes_are_the_limits_exactly() => Limits.Sample(limits =>
    {
        var shares = All(limits);
        return shares.Sum(s => s.Connections) == limits.Connections
            && (limits.PerSecond is { } pace ? shares.Sum(s => s.PerSecond) == pace : shares.All(s => s.PerSecond is null));
    });

    [Fact]
    public void Nobody_has_a_pace_without_a_connection_or_a_connection_without_a_pace() => Limits.Sample(limits =>
        All(limits).All(s => s.PerSecond is null || s.Connections > 0 == s.PerSecond > 0));

    [Fact]
    public void The_parts_differ_by_one_at_most_and_never_grow_with_the_rank() => Limits.Sample(limits =>
    {
        var connections = All(limits).Select(s => s.Connections).ToList();
        return connections[0] - connections[^1] <= 1 && connections.SequenceEqual(connections.OrderDescending());
    });

    // What makes shares safe while nodes come and go (RelayShareStore).
    [Fact]
    public void A_node_that_joins_makes_nobodys_part_larger() => Gen.Select(Limits, Gen.Int[0, 149]).Sample((limits, n) =>
    {
        var rank = n % limits.Nodes;
        var before = RelayShare.Of(limits.Connections, limits.PerSecond, limits.Nodes, rank);
        return new[] { rank, rank + 1 }.Select(after => RelayShare.Of(limits.Connections, limits.PerSecond, limits.Nodes + 1, after))
            .All(after => after.Connections <= before.Connections && (after.PerSecond ?? 0) <= (before.PerSecond ?? 0));
    });

    [Fact]
    public void With_more_nodes_than_connections_the_last_get_none() =>
        All((2, 1, 3)).ShouldBe([new(1, 0.5m), new(1, 0.5m), new(0, 0)]);

    private static List<RelayShare> All((int Connections, int? PerSecond, int Nodes) limits) =>
        [.. Enumerable.Range(0, limits.Nodes).Select(rank => RelayShare.Of(limits.Connections, limits.PerSecond, limits.Nodes, rank))];
}
