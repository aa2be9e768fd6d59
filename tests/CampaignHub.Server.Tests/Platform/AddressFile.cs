using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace CampaignHub.Server.Tests.Platform;

/// <summary>
/// Writes small files in MaxMind's DB format 2.0: a tree over the bits of an address (32-bit records, IPv4 under ::/96), what it leads to, and
/// the metadata at the end. Values are strings and maps of them.
/// </summary>
internal sealed class AddressFile
{
    private readonly List<uint?[]> _nodes = [new uint?[2]];
    private readonly ArrayBufferWriter<byte> _data = new();

    /// <summary>One more network, which overlaps no other.</summary>
    public AddressFile Add(string network, params (string Key, object Value)[] record)
    {
        var parsed = IPNetwork.Parse(network);
        var isV4 = parsed.BaseAddress.GetAddressBytes().Length == 4;
        byte[] bits = [.. isV4 ? new byte[12] : [], .. parsed.BaseAddress.GetAddressBytes()];
        var length = parsed.PrefixLength + (isV4 ? 96 : 0);
        var node = 0;
        for (var at = 0; at < length - 1; at++)
        {
            ref var next = ref _nodes[node][BitAt(bits, at)];
            if (next is null)
            {
                next = (uint)_nodes.Count;
                _nodes.Add(new uint?[2]);
            }
            node = (int)next.Value;
        }
        // What leads to data is told apart when it is written, once the number of nodes is known.
        _nodes[node][BitAt(bits, length - 1)] = DataMark | (uint)_data.WrittenCount;
        using var written = new MemoryStream();
        WriteMap(written, record);
        _data.Write(written.ToArray());
        return this;
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        var count = (uint)_nodes.Count;
        Span<byte> number = stackalloc byte[4];
        foreach (var to in _nodes.SelectMany(node => node))
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, to is null ? count : (to & DataMark) == 0 ? to.Value : (to.Value & ~DataMark) + count + 16);
            file.Write(number);
        }
        file.Write(new byte[16]);
        file.Write(_data.WrittenSpan);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        WriteMap(
            file, ("node_count", count), ("record_size", (ushort)32), ("ip_version", (ushort)6), ("database_type", "Country"), ("languages", Array.Empty<object>()),
            ("binary_format_major_version", (ushort)2), ("binary_format_minor_version", (ushort)0), ("build_epoch", 1ul), ("description", Array.Empty<(string, object)>()));
        return file.ToArray();
    }

    private const uint DataMark = 0x8000_0000;

    private static int BitAt(byte[] bits, int at) => bits[at / 8] >> (7 - at % 8) & 1;

    private static void WriteMap(Stream to, params (string Key, object Value)[] map)
    {
        WriteControl(to, 7, map.Length);
        foreach (var (key, value) in map)
        {
            Write(to, key);
            Write(to, value);
        }
    }

    private static void Write(Stream to, object value)
    {
        Span<byte> number = stackalloc byte[8];
        switch (value)
        {
            case string text:
                WriteControl(to, 2, Encoding.UTF8.GetByteCount(text));
                to.Write(Encoding.UTF8.GetBytes(text));
                break;
            case ushort small:
                WriteControl(to, 5, 2);
                BinaryPrimitives.WriteUInt16BigEndian(number, small);
                to.Write(number[..2]);
                break;
            case uint middle:
                WriteControl(to, 6, 4);
                BinaryPrimitives.WriteUInt32BigEndian(number, middle);
                to.Write(number[..4]);
                break;
            case ulong large:
                WriteControl(to, 9, 8);
                BinaryPrimitives.WriteUInt64BigEndian(number, large);
                to.Write(number);
                break;
            case (string, object)[] map:
                WriteMap(to, map);
                break;
            case object[]:
                WriteControl(to, 11, 0);
                break;
        }
    }

    /// <summary>Type and size: types from 8 on take a byte more.</summary>
    private static void WriteControl(Stream to, int type, int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(size, 29);
        to.WriteByte((byte)((type < 8 ? type << 5 : 0) | size));
        if (type >= 8)
            to.WriteByte((byte)(type - 7));
    }
}
