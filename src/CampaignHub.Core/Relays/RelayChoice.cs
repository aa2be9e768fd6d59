using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CampaignHub.Core.Relays;

/// <summary>A relay that may be used now.</summary>
/// <param name="Id">The relay.</param>
/// <param name="Weight">Its share beside others, 1 and up.</param>
/// <param name="Region">A region's name, or null.</param>
public readonly record struct RelayCandidate(Guid Id, int Weight, string? Region);

/// <summary>
/// The order in which relays are tried for a delivery: the nearest first, and among equally near ones by weight. The
/// choice is weighted rendezvous hashing: each relay draws a number for the delivery, always the same, so that a relay
/// that comes or goes moves only the deliveries that are its own.
/// </summary>
public static class RelayChoice
{
    /// <summary>All of them, each once, in the order in which they are tried.</summary>
    public static IReadOnlyList<Guid> Order(IEnumerable<RelayCandidate> usable, RelayRegions regions, string? country, Guid deliveryId) =>
        [.. usable.Select(relay => (relay.Id, Nearness: regions.NearnessOf(relay.Region, country), Draw: Draw(relay, deliveryId)))
            .OrderBy(relay => relay.Nearness).ThenBy(relay => relay.Draw).ThenBy(relay => relay.Id).Select(relay => relay.Id)];

    /// <summary>
    /// The smallest wins. -ln(u) / weight is exponentially distributed with the weight as its rate, and of such draws
    /// each is the smallest in proportion to its rate.
    /// </summary>
    private static double Draw(RelayCandidate relay, Guid deliveryId)
    {
        Span<byte> ids = stackalloc byte[32], hash = stackalloc byte[SHA256.HashSizeInBytes];
        relay.Id.TryWriteBytes(ids, bigEndian: true, out _);
        deliveryId.TryWriteBytes(ids[16..], bigEndian: true, out _);
        SHA256.HashData(ids, hash);
        // 53 bits, as many as a double holds, and in the middle of their step: neither 0 nor 1.
        var u = ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
        return -Math.Log(u) / relay.Weight;
    }
}
