using System.Text;
using CampaignHub.Core.Audience;
using CsCheck;

namespace CampaignHub.Core.Tests.Audience;

public sealed class FileCharsetTests
{
    private const string Table = "email,first_name\r\nann@example.com,Ann\r\n";
    private static readonly UTF8Encoding Utf8 = new();

    [Theory]
    [InlineData("UTF-8", "UTF-8", "Utf8")]
    [InlineData("UTF-16", "utf-16", "Utf16LittleEndian")]
    [InlineData("UTF-16BE", "UTF-16", "Utf16BigEndian")]
    public void A_byte_order_mark_goes_before_what_is_declared(string encoding, string declared, string charset)
    {
        var file = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. file.Preamble, .. file.GetBytes(Table)];
        FileCharsets.Of(bytes, null).ToString().ShouldBe(charset);
        FileCharsets.Of(bytes, FileCharsets.Parse(declared)).ToString().ShouldBe(charset);
        FileCharsets.Of(bytes, FileCharset.Windows1252).ToString().ShouldBe(charset);
    }

    [Theory]
    [InlineData(false, "Utf16LittleEndian")]
    [InlineData(true, "Utf16BigEndian")]
    public void Utf16_without_a_mark_is_known_by_its_nuls(bool bigEndian, string charset)
    {
        var utf16 = new UnicodeEncoding(bigEndian, byteOrderMark: false);
        foreach (var text in (string[])[Table, "email;名前;市\r\nann@example.com;山田;東京一\r\nbob@example.com;一一;一\r\n"])
        {
            FileCharsets.Of(utf16.GetBytes(text), null).ToString().ShouldBe(charset);
            FileCharsets.Of(utf16.GetBytes(text), FileCharset.Utf16).ToString().ShouldBe(charset);
        }
    }

    [Fact]
    public void Anything_else_is_what_is_declared_or_has_yet_to_show()
    {
        var bytes = Utf8.GetBytes(Table);
        FileCharsets.Of(bytes, null).ShouldBe(FileCharset.Utf8OrWindows1252);
        FileCharsets.Of(bytes, FileCharset.Windows1252).ShouldBe(FileCharset.Windows1252);
        FileCharsets.Of([], null).ShouldBe(FileCharset.Utf8OrWindows1252);
        FileCharsets.Of([.. bytes, 0, 1, 2], null).ShouldBe(FileCharset.Utf8OrWindows1252);
        FileCharsets.Parse("ISO-8859-1").ShouldBe(FileCharset.Windows1252);
        FileCharsets.Parse("koi8-r").ShouldBeNull();
    }

    [Fact]
    public void Text_in_utf8_is_read_as_it_is_however_it_is_cut() =>
        Gen.Select(Gen.OneOf((string[])["a", "\n", "é", "€", "\uFFFE", "😀"]).Array[0, 30], Gen.Int[1, 9]).Sample((parts, piece) =>
        {
            var text = string.Concat(parts);
            return Read(Utf8.GetBytes(text), piece) == (text, false);
        });

    [Fact]
    public void Text_whose_first_character_beyond_ascii_is_no_utf8_is_windows_1252_however_it_is_cut() =>
        Gen.Select(Gen.Char[' ', '~'].Array[0, 50], Gen.OneOf((string[])["é,", "ä ", "ß\n", "ÿa", "€"]), Gen.Byte.Array[0, 50], Gen.Int[1, 40]).Sample((ascii, first, rest, piece) =>
        {
            byte[] bytes = [.. Utf8OrWindows1252.Windows1252.GetBytes(new string(ascii) + first), .. first == "€" ? [] : rest];
            var (read, isWindows) = Read(bytes, piece);
            return isWindows && read == Utf8OrWindows1252.Windows1252.GetString(bytes);
        });

    [Theory]
    [InlineData("Gr\u00FC\u00DFe \u20AC", new byte[] { 0xC3, 0xBC, 0xE9, (byte)'!' }, "\u00FC?!")]
    [InlineData("", new byte[] { 0xC3, 0xA9, 0xC3 }, "\u00E9?")]
    public void What_is_no_utf8_after_some_that_was_stays_a_fault(string before, byte[] bytes, string after)
    {
        var (read, isWindows) = Read([.. Utf8.GetBytes(before), .. bytes], 3);
        isWindows.ShouldBeFalse();
        read.ShouldBe(before + after);
    }

    private static (string Text, bool IsWindows1252) Read(byte[] bytes, int piece)
    {
        var marking = (Encoding)Utf8.Clone();
        marking.DecoderFallback = new DecoderReplacementFallback("?");
        var encoding = new Utf8OrWindows1252(marking);
        var decoder = encoding.GetDecoder();
        var text = new StringBuilder();
        var chars = new char[encoding.GetMaxCharCount(piece)];
        foreach (var part in bytes.Chunk(piece))
            text.Append(chars, 0, decoder.GetChars(part, chars, flush: false));
        text.Append(chars, 0, decoder.GetChars([], chars, flush: true));
        return (text.ToString(), encoding.IsWindows1252);
    }
}
