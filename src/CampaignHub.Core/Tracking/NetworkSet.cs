using System.Buffers.Binary;
using System.Net;

namespace CampaignHub.Core.Tracking;

/// <summary>Networks by their addresses, looked up in a few steps however many there are. Immutable; safe from many threads.</summary>
public sealed class NetworkSet
{
    public static readonly NetworkSet Empty = new([]);

    // Ranges that don't touch, in order: IPv4 addresses stand in them as they are mapped into IPv6.
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;

    private NetworkSet(IEnumerable<(UInt128 First, UInt128 Last)> ranges)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach (var range in ranges.Order())
            if (merged.Count > 0 && (merged[^1].Last == UInt128.MaxValue || range.First <= merged[^1].Last + 1))
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        (_firsts, _lasts) = ([.. merged.Select(r => r.First)], [.. merged.Select(r => r.Last)]);
    }

    /// <summary>Reads one network a line, such as <c>192.0.2.0/24</c> or <c>2001:db8::/32</c>; what follows a # is a remark.</summary>
    /// <exception cref="FormatException">A line is no network; the message names it.</exception>
    public static NetworkSet Parse(IEnumerable<string> lines) => new(lines
        .Select((line, place) => (Text: line.Split('#')[0].Trim(), Number: place + 1)).Where(line => line.Text.Length > 0)
        .Select(line => IPNetwork.TryParse(line.Text, out var network)
            ? RangeOf(network)
            : throw new FormatException($"Line {line.Number}, '{line.Text}', is not a network such as 192.0.2.0/24.")));

    /// <summary>Whether the address lies in any of them.</summary>
    public bool Contains(IPAddress address)
    {
        var number = NumberOf(address);
        var place = Array.BinarySearch(_firsts, number);
        return place >= 0 || (place = ~place - 1) >= 0 && number <= _lasts[place];
    }

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork network)
    {
        var first = NumberOf(network.BaseAddress);
        var bits = network.BaseAddress.GetAddressBytes().Length * 8 - network.PrefixLength;
        return (first, first + (bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1));
    }

    private static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
