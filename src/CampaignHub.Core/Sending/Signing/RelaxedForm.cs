using System.Buffers;
using System.Text;
using CampaignHub.Core.Sending.Composing;

namespace CampaignHub.Core.Sending.Signing;

/// <summary>RFC 6376's relaxed canonicalization (3.4.2 and 3.4.4): what relays may change without breaking a signature.</summary>
internal static class RelaxedForm
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t"u8);
    private static readonly SearchValues<byte> BlanksAndFolds = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Appends <c>name:value</c> on one line, without its end.</summary>
    public static void WriteField(ReadOnlySpan<byte> field, PooledBuffer<byte> target)
    {
        var colon = field.IndexOf((byte)':');
        var name = field[..colon].TrimEnd(" \t"u8);
        Ascii.ToLower(name, target.GetSpan(name.Length), out var length);
        target.Advance(length);
        target.Write(":"u8);
        WriteSqueezed(field[(colon + 1)..].Trim(" \t\r\n"u8), BlanksAndFolds, target);
    }

    /// <summary>Appends the body: no blanks at line ends, one in place of several, no empty lines at the end.</summary>
    public static void WriteBody(ReadOnlySpan<byte> body, PooledBuffer<byte> target)
    {
        var emptyLines = 0;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf("\r\n"u8);
            var line = (end < 0 ? body : body[..end]).TrimEnd(" \t"u8);
            body = end < 0 ? [] : body[(end + 2)..];
            if (line.IsEmpty)
            {
                emptyLines++;
                continue;
            }
            for (; emptyLines > 0; emptyLines--)
                target.Write("\r\n"u8);
            WriteSqueezed(line, Blanks, target);
            target.Write("\r\n"u8);
        }
    }

    private static void WriteSqueezed(ReadOnlySpan<byte> text, SearchValues<byte> blanks, PooledBuffer<byte> target)
    {
        while (text.IndexOfAny(blanks) is >= 0 and var at)
        {
            target.Write(text[..at]);
            target.Write(" "u8);
            text = text[at..];
            text = text[text.IndexOfAnyExcept(blanks)..];
        }
        target.Write(text);
    }
}
