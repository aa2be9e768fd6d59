using System.Text;
using MimeKit;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>Makes the text and HTML parts, in UTF-8 with the transfer encoding that fits the script.</summary>
internal static class BodyPart
{
    // RFC 5322 recommends 78 and demands 998; below 78 nothing on the way re-wraps a line.
    private const int MaxPlainLine = 76;

    public static TextPart Of(string subtype, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(CanonicalLines(body));
        var part = new TextPart(subtype)
        {
            Content = new MimeContent(new MemoryStream(bytes, writable: false)),
            ContentTransferEncoding = Choose(bytes),
        };
        part.ContentType.Charset = "utf-8";
        return part;
    }

    /// <summary>RFC 2045: the canonical form of text has CRLF line ends, whatever the encoding.</summary>
    internal static string CanonicalLines(string body) => body
        .Replace("\r\n", "\n", StringComparison.Ordinal)
        .Replace('\r', '\n')
        .Replace("\n", "\r\n", StringComparison.Ordinal)
        .Replace("\0", "", StringComparison.Ordinal);

    // "From " at a line's start is changed by mailboxes of the mbox kind, and quoted-printable leaves it.
    private static ContentEncoding Choose(ReadOnlySpan<byte> bytes)
    {
        var escaped = Escaped(bytes);
        if (bytes.StartsWith("From "u8) || bytes.IndexOf("\nFrom "u8) >= 0)
            return ContentEncoding.Base64;
        if (escaped == 0 && HasShortLines(bytes))
            return ContentEncoding.SevenBit;
        // Quoted-printable adds two bytes for each escaped one, base64 a third of all.
        return escaped * 6L > bytes.Length ? ContentEncoding.Base64 : ContentEncoding.QuotedPrintable;
    }

    private static int Escaped(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var value in bytes)
        {
            if (value is > 126 or (byte)'=' or < 32 and not ((byte)'\r' or (byte)'\n' or (byte)'\t'))
                count++;
        }
        return count;
    }

    private static bool HasShortLines(ReadOnlySpan<byte> bytes)
    {
        foreach (var line in bytes.Split((byte)'\n'))
        {
            if (line.End.Value - line.Start.Value > MaxPlainLine + 1)
                return false;
        }
        return true;
    }
}
