using System.Buffers;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>Writes the text and HTML parts, in UTF-8 with the transfer encoding that fits the script.</summary>
internal static class BodyPart
{
    public static void Write(ReadOnlySpan<byte> subtype, ReadOnlySpan<char> body, IBufferWriter<byte> target)
    {
        using var text = new PooledBuffer<byte>(body.Length + body.Length / 8);
        CanonicalText.Write(body, text);
        var encoding = BodyEncodings.Choose(text.Written);
        target.Write("Content-Type: text/"u8);
        target.Write(subtype);
        target.Write("; charset=utf-8\r\nContent-Transfer-Encoding: "u8);
        target.Write(Name(encoding));
        target.Write("\r\n\r\n"u8);
        Encode(encoding, text.Written, target);
    }

    private static ReadOnlySpan<byte> Name(BodyEncoding encoding) => encoding switch
    {
        BodyEncoding.SevenBit => "7bit"u8,
        BodyEncoding.QuotedPrintable => "quoted-printable"u8,
        _ => "base64"u8,
    };

    private static void Encode(BodyEncoding encoding, ReadOnlySpan<byte> text, IBufferWriter<byte> target)
    {
        if (encoding == BodyEncoding.Base64)
            Base64Lines.Write(text, target);
        else if (encoding == BodyEncoding.QuotedPrintable)
            QuotedPrintable.Write(text, target);
        else
            target.Write(text);
    }
}
