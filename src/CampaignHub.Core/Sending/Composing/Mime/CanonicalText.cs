using System.Buffers;
using System.Text;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>RFC 2045: the canonical form of text has CRLF line ends, whatever the encoding; no mail holds a NUL.</summary>
internal static class CanonicalText
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\r\n\0");

    /// <summary>Appends the text in UTF-8; CR, LF and CR LF each end a line, and lone surrogates become U+FFFD.</summary>
    public static void Write(ReadOnlySpan<char> text, PooledBuffer<byte> target)
    {
        while (text.IndexOfAny(Special) is >= 0 and var at)
        {
            Encoding.UTF8.GetBytes(text[..at], target);
            if (text[at] != '\0')
                target.Write("\r\n"u8);
            text = text[(at + (text[at..].StartsWith("\r\n") ? 2 : 1))..];
        }
        Encoding.UTF8.GetBytes(text, target);
    }
}
