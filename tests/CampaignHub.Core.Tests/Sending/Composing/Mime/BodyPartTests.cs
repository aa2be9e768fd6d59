using System.Text;
using CsCheck;
using MimeKit;

namespace CampaignHub.Core.Tests.Sending.Composing.Mime;

/// <summary>What was written is read back by MimeKit to the same characters, and its bytes survive the way.</summary>
public sealed class BodyPartTests
{
    private static readonly string[] Hostile =
    [
        "", "\n", "\r", "\r\n", "\r\n\r\n", ".", ".\n", "a\n.\nb", "..\n...", "From me\nFrom you", "From", " ", "a ", "a\t", "a \n b\t\r\n", "\n\n\n",
        "a\rb\nc\r\nd\n\re\r\r\n", "a\0b\0", "=", "=3D", "=\n", "a=\n", "--=_01937000000070008000000000000001", "--=_01937000000070008000000000000001--",
        "\uD800", "a\uDC00b", "\u0007\u001b\u007f", "\u2028\u2029\u0085", "\uFEFFx", "👩‍👩‍👧‍👦", "مرحبا بالعالم", "שלום עולם", "ÅÄÖ ", "日本語", "ü From\nFrom ü",
    ];

    [Fact]
    public void Hostile_bodies_survive()
    {
        foreach (var body in Hostile)
            Check(body);
        foreach (var body in Hostile)
            foreach (var length in Enumerable.Range(70, 10).Append(997).Append(998).Append(999).Append(5000))
                Check(new string('a', length) + body + new string('b', length));
    }

    [Fact]
    public void Any_body_survives() =>
        Gen.Select(Gen.String[Gen.Char, 0, 300], Gen.String[Gen.Char['\0', '\u007f'], 0, 300], Gen.OneOf(Hostile))
            .Sample((wide, ascii, hostile) => Check(wide + hostile + ascii));

    [Fact]
    public void Any_text_of_few_characters_survives() =>
        Gen.String[Gen.Char["\r\n\0 \t.=aFrom üß日"], 0, 400].Sample(text => { Check(text); }, iter: 20_000);

    [Theory]
    [InlineData("Short lines\nof ASCII\n", ContentEncoding.SevenBit)]
    [InlineData("A price = 5\n", ContentEncoding.QuotedPrintable)]
    [InlineData("Ein schöner Gruß an alle, die heute hier sind\n", ContentEncoding.QuotedPrintable)]
    [InlineData("From here\n.\n..x\n", ContentEncoding.QuotedPrintable)]
    [InlineData("今日限定の大セール", ContentEncoding.Base64)]
    public void The_encoding_fits_the_script(string text, ContentEncoding encoding) =>
        ((MimePart)((Multipart)Check(text).Body!)[0]).ContentTransferEncoding.ShouldBe(encoding);

    [Fact]
    public void Line_ends_are_all_of_CR_and_LF()
    {
        foreach (var body in Hostile)
        {
            var written = Encoding.Latin1.GetString(Messages.Bytes(Messages.Content(html: body + "<p>", text: body)));
            written.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().IndexOfAny("\r\n\0").ShouldBe(-1);
            written.ShouldEndWith("\r\n");
        }
    }

    private static MimeMessage Check(string body)
    {
        var bytes = Messages.Bytes(Messages.Content(text: body, html: body + "<p>"));
        var message = Messages.Reparse(bytes, out var lines);
        bytes.ShouldAllBe(value => value < 128);
        lines.ShouldAllBe(line => line.Length <= 78);
        lines.ShouldNotContain(line => line.StartsWith("From ", StringComparison.Ordinal));
        Messages.Decoded(message, 0).ShouldBe(Messages.Canonical(body));
        Messages.Decoded(message, 1).ShouldBe(Messages.Canonical(body + "<p>"));
        return message;
    }
}
