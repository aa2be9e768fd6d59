using System.Buffers;
using CampaignHub.Core.Tracking;
using CsCheck;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class SpoolFramesTests
{
    private const int HeaderBytes = 12;

    private static readonly Gen<byte[][]> s_records = Gen.Byte.Array[0, 60].Array[1, 8];

    [Fact]
    public void What_was_written_is_read_in_its_order_also_from_files_put_together() =>
        Gen.Select(s_records, s_records).Sample((first, second) =>
            Records([.. Write(first), .. Write(second)]).SequenceEqual(Show([.. first, .. second]))
            && SpoolFrames.Read((byte[])[.. Write(first), .. Write(second)]).All(piece => piece.Kind == SpoolPieceKind.Record));

    [Fact]
    public void Cut_anywhere_the_whole_records_are_read_and_the_rest_is_recognised_as_torn() =>
        Gen.Select(s_records, Gen.Int[0, int.MaxValue]).Sample((records, at) =>
        {
            var bytes = Write(records);
            var length = at % bytes.Length;
            var pieces = SpoolFrames.Read(bytes.AsMemory(0, length)).ToList();
            var ends = Ends(records);
            return Records(bytes[..length]).SequenceEqual(Show(records[..ends.Count(end => end <= length)]))
                && pieces.Count(piece => piece.Kind == SpoolPieceKind.Torn) == (length == 0 || ends.Contains(length) ? 0 : 1)
                && pieces.All(piece => piece.Kind != SpoolPieceKind.Damaged);
        });

    [Fact]
    public void A_changed_byte_costs_its_own_record_only_and_all_of_that_is_handed_out() =>
        Gen.Select(s_records, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((records, at, change) =>
        {
            var bytes = Write(records);
            at %= bytes.Length;
            bytes[at] ^= change;
            var hit = Ends(records).Count(end => end <= at);
            var begin = hit == 0 ? 0 : Ends(records)[hit - 1];
            var other = SpoolFrames.Read(bytes).Single(piece => piece.Kind != SpoolPieceKind.Record);
            return Records(bytes).SequenceEqual(Show([.. records[..hit], .. records[(hit + 1)..]]))
                && other.Offset == begin && other.Bytes.Length == HeaderBytes + records[hit].Length
                && (other.Kind == SpoolPieceKind.Damaged || hit == records.Length - 1);
        }, iter: 20_000);

    [Fact]
    public void Room_that_was_made_and_never_filled_is_torn_at_the_end_and_damaged_before_it()
    {
        var record = Write([[1, 2, 3]]);
        SpoolFrames.Read((byte[])[.. record, .. new byte[4_096]]).Select(piece => piece.Kind).ShouldBe([SpoolPieceKind.Record, SpoolPieceKind.Torn]);
        SpoolFrames.Read((byte[])[.. record, .. new byte[4_096], .. record]).Select(piece => piece.Kind)
            .ShouldBe([SpoolPieceKind.Record, SpoolPieceKind.Damaged, SpoolPieceKind.Record]);
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception_and_none_is_passed_over() =>
        Gen.Byte.Array[0, 5_000].Sample(bytes => SpoolFrames.Read(bytes).Sum(piece => piece.Bytes.Length) == bytes.Length, iter: 2_000);

    [Fact]
    public void A_checksum_is_that_of_RFC_3720()
    {
        // Its appendix B.4: 32 bytes of zeros have 8A9136AA. Here length and content are 4 + 28 of them.
        var bytes = Write([[]]);
        bytes[8..12].ShouldBe([0xC7, 0x4B, 0x67, 0x48]); // of four zeros: 48674BC7
    }

    private static byte[] Write(IEnumerable<byte[]> records)
    {
        var to = new ArrayBufferWriter<byte>();
        foreach (var record in records)
            SpoolFrames.Write(to, record);
        return to.WrittenSpan.ToArray();
    }

    private static List<int> Ends(byte[][] records)
    {
        var end = 0;
        return [.. records.Select(record => end += HeaderBytes + record.Length)];
    }

    private static IEnumerable<string> Records(byte[] bytes) =>
        SpoolFrames.Read(bytes).Where(piece => piece.Kind == SpoolPieceKind.Record).Select(piece => Convert.ToHexString(piece.Bytes.Span));

    private static IEnumerable<string> Show(IEnumerable<byte[]> records) => records.Select(record => Convert.ToHexString(record));
}
