using System.Buffers;
using System.Buffers.Text;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>RFC 2045, 6.8: base64 in lines of 76.</summary>
internal static class Base64Lines
{
    private const int LineBytes = 57;
    private const int LineLength = 76;

    /// <summary>Writes lines with CR LF between them and none after the last.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> target)
    {
        while (!bytes.IsEmpty)
        {
            var line = target.GetSpan(LineLength + 2);
            Base64.EncodeToUtf8(bytes[..Math.Min(LineBytes, bytes.Length)], line, out var read, out var written);
            bytes = bytes[read..];
            if (!bytes.IsEmpty)
                "\r\n"u8.CopyTo(line[written..]);
            target.Advance(bytes.IsEmpty ? written : written + 2);
        }
    }
}
