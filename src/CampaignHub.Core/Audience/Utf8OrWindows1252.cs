using System.Buffers;
using System.Text;

namespace CampaignHub.Core.Audience;

/// <summary>
/// Reads UTF-8, unless the first byte beyond ASCII isn't the beginning of a character in it: then the file is Windows-1252 from
/// there on. So a file is either, however late that byte comes, and bytes that are no UTF-8 after some that are remain its fault.
/// </summary>
/// <remarks>Of one file: it remembers what it found.</remarks>
public sealed class Utf8OrWindows1252(Encoding utf8) : Encoding
{
    private const int LongestCharacter = 4;

    /// <summary>Windows' Western European, which .NET has beside its usual encodings.</summary>
    public static Encoding Windows1252 { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>True once a byte has shown that the file isn't UTF-8.</summary>
    public bool IsWindows1252 { get; private set; }

    public override Decoder GetDecoder() => new Reader(this, utf8);

    /// <summary>Bytes that were held back come beside those of a call.</summary>
    public override int GetMaxCharCount(int byteCount) => utf8.GetMaxCharCount(byteCount + LongestCharacter);

    public override int GetCharCount(byte[] bytes, int index, int count) => throw OnlyDecodes();
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetDecoder().GetChars(bytes, byteIndex, byteCount, chars, charIndex, flush: true);
    public override int GetByteCount(char[] chars, int index, int count) => throw OnlyDecodes();
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => throw OnlyDecodes();
    public override int GetMaxByteCount(int charCount) => throw OnlyDecodes();

    private static NotSupportedException OnlyDecodes() => new("It reads a file, once, in pieces.");

    private sealed class Reader(Utf8OrWindows1252 file, Encoding utf8) : Decoder
    {
        private readonly byte[] _held = new byte[LongestCharacter];
        private int _heldCount;
        private Decoder? _decided;

        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars, bool flush)
        {
            if (_decided is { } decoder)
                return decoder.GetChars(bytes, chars, flush);
            var ascii = _heldCount > 0 ? 0 : bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            var written = Latin1.GetChars(ascii < 0 ? bytes : bytes[..ascii], chars);
            return ascii < 0 ? written : written + Decide(bytes[ascii..], chars[written..], flush);
        }

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex, bool flush) =>
            GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex), flush);

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
            GetChars(bytes, byteIndex, byteCount, chars, charIndex, flush: false);

        public override int GetCharCount(byte[] bytes, int index, int count) => throw OnlyDecodes();

        /// <summary>By the first character beyond ASCII, which may come in pieces: what is held is the beginning of one.</summary>
        private int Decide(ReadOnlySpan<byte> bytes, Span<char> chars, bool flush)
        {
            Span<byte> character = stackalloc byte[LongestCharacter];
            _held.AsSpan(0, _heldCount).CopyTo(character);
            var more = Math.Min(LongestCharacter - _heldCount, bytes.Length);
            bytes[..more].CopyTo(character[_heldCount..]);
            character = character[..(_heldCount + more)];
            var found = character.IsEmpty ? OperationStatus.NeedMoreData : Rune.DecodeFromUtf8(character, out _, out _);
            if (found == OperationStatus.NeedMoreData && !(flush && character.Length > 0))
            {
                character.CopyTo(_held);
                _heldCount = character.Length;
                return 0;
            }
            file.IsWindows1252 = found != OperationStatus.Done;
            _decided = (file.IsWindows1252 ? Windows1252 : utf8).GetDecoder();
            var written = _decided.GetChars(_held.AsSpan(0, _heldCount), chars, flush: false);
            return written + _decided.GetChars(bytes, chars[written..], flush);
        }
    }
}
