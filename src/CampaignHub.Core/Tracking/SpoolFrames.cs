using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CampaignHub.Core.Tracking;

/// <summary>What a stretch of a spool's file is.</summary>
public enum SpoolPieceKind
{
    /// <summary>A record as it was written.</summary>
    Record,

    /// <summary>Bytes that are no record, though they are none that was cut short either.</summary>
    Damaged,

    /// <summary>The end of the file, where writing was cut short: nobody was told that it is kept.</summary>
    Torn,
}

/// <summary>A stretch of a spool's file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Bytes">A record's content; of anything else, all of it.</param>
public readonly record struct SpoolPiece(SpoolPieceKind Kind, int Offset, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Records one after the other, each recognised by itself: what power loss or a bad disk has done to one costs no other.
/// </summary>
/// <remarks>
/// Layout, little endian: mark (4) | length of the content (4) | CRC-32C of length and content (4) | content. Files may be
/// put one behind the other.
/// </remarks>
public static class SpoolFrames
{
    /// <summary>The longest content, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int HeaderBytes = 12;

    private static ReadOnlySpan<byte> Mark => [0xF5, (byte)'h', (byte)'i', (byte)'t'];

    /// <summary>Writes one record.</summary>
    /// <exception cref="ArgumentException">The content is longer than <see cref="MaxLength"/>.</exception>
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxLength)
            throw new ArgumentException($"A record's content has at most {MaxLength} bytes.", nameof(content));
        var frame = to.GetSpan(HeaderBytes + content.Length);
        Mark.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Checksum(content));
        content.CopyTo(frame[HeaderBytes..]);
        to.Advance(HeaderBytes + content.Length);
    }

    /// <summary>All of a file's bytes, in order, as what they are.</summary>
    public static IEnumerable<SpoolPiece> Read(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (RecordAt(bytes.Span[at..]) is { } length)
            {
                yield return new(SpoolPieceKind.Record, at, bytes.Slice(at + HeaderBytes, length));
                at += HeaderBytes + length;
                continue;
            }
            var next = NextRecord(bytes.Span, at + 1);
            var piece = bytes[at..(next ?? bytes.Length)];
            yield return new(next is null && IsTorn(piece.Span) ? SpoolPieceKind.Torn : SpoolPieceKind.Damaged, at, piece);
            at += piece.Length;
        }
    }

    /// <summary>The length of the content of a whole and sound record that begins here.</summary>
    private static int? RecordAt(ReadOnlySpan<byte> bytes)
    {
        if (ClaimedLength(bytes) is not { } length || bytes.Length < HeaderBytes + length)
            return null;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Checksum(bytes.Slice(HeaderBytes, length)) ? length : null;
    }

    private static int? ClaimedLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Mark))
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        return length is >= 0 and <= MaxLength ? length : null;
    }

    private static int? NextRecord(ReadOnlySpan<byte> bytes, int from)
    {
        for (var at = from; bytes[at..].IndexOf(Mark) is >= 0 and var found; at++)
        {
            at += found;
            if (RecordAt(bytes[at..]) is not null)
                return at;
        }
        return null;
    }

    /// <summary>A record that reaches beyond the end, its very first bytes, or room that was made and never filled.</summary>
    private static bool IsTorn(ReadOnlySpan<byte> end) =>
        end.Length < HeaderBytes ? Mark.StartsWith(end[..Math.Min(end.Length, Mark.Length)]) || !end.ContainsAnyExcept((byte)0)
        : ClaimedLength(end) is { } length ? HeaderBytes + length > end.Length
        : !end.ContainsAnyExcept((byte)0);

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (uint)content.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var unit in content[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, unit);
        return ~crc;
    }
}
