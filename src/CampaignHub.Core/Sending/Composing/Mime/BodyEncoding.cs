using System.Buffers;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>RFC 2045's transfer encodings that any relay takes.</summary>
internal enum BodyEncoding
{
    SevenBit,
    QuotedPrintable,
    Base64,
}

/// <summary>Chooses the encoding that fits the script.</summary>
internal static class BodyEncodings
{
    // RFC 5322 recommends 78 and demands 998; below 78 nothing on the way re-wraps a line.
    private const int MaxPlainLine = 76;

    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. "\t\r\n"u8, .. Enumerable.Range(' ', '~' - ' ' + 1).Where(value => value != '=').Select(value => (byte)value)]);

    /// <param name="text">Canonical: <see cref="CanonicalText"/>.</param>
    public static BodyEncoding Choose(ReadOnlySpan<byte> text)
    {
        var escaped = 0;
        for (var rest = text; rest.IndexOfAnyExcept(Plain) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            // Quoted-printable adds two bytes for each escaped one, base64 a third of all.
            if (++escaped * 6L > text.Length)
                return BodyEncoding.Base64;
        }
        return escaped == 0 && IsSafe(text) ? BodyEncoding.SevenBit : BodyEncoding.QuotedPrintable;
    }

    // "From " at a line's start is changed by mailboxes of the mbox kind: quoted-printable hides it.
    private static bool IsSafe(ReadOnlySpan<byte> text)
    {
        foreach (var line in text.Split((byte)'\n'))
        {
            var bytes = text[line];
            if (bytes.Length > MaxPlainLine + 1 || bytes.StartsWith("From "u8))
                return false;
        }
        return true;
    }
}
