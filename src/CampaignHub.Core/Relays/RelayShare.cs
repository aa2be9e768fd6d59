namespace CampaignHub.Core.Relays;

/// <summary>
/// One node's part of a relay's limits. The parts of all nodes together never exceed the limits, and use them up.
/// </summary>
/// <param name="Connections">Connections at once; 0 where there are more nodes than connections.</param>
/// <param name="PerSecond">Messages a second, to the thousandth; null: no limit.</param>
public readonly record struct RelayShare(int Connections, decimal? PerSecond)
{
    private const int Thousand = 1_000;

    /// <summary>The part of the node at this place.</summary>
    /// <param name="maxConnections">The relay's, 1 and up.</param>
    /// <param name="perSecond">The relay's, 1 and up; null: no limit.</param>
    /// <param name="nodes">How many nodes there are, 1 and up.</param>
    /// <param name="rank">This node's place among them, from 0.</param>
    public static RelayShare Of(int maxConnections, int? perSecond, int nodes, int rank)
    {
        var connections = PartOf(maxConnections, nodes, rank);
        // A pace without a connection would be lost: only those that have one share it.
        var sharing = Math.Min(nodes, maxConnections);
        return new(connections, perSecond is not { } pace ? null
            : connections == 0 ? 0 : PartOf((long)pace * Thousand, sharing, rank) / (decimal)Thousand);
    }

    private static int PartOf(int whole, int parts, int rank) => (int)PartOf((long)whole, parts, rank);

    // What doesn't divide goes to the first.
    private static long PartOf(long whole, int parts, int rank) => whole / parts + (rank < whole % parts ? 1 : 0);
}
