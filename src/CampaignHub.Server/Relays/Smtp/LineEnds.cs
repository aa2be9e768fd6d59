using System.Buffers;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>CR LF and nothing else: a bare CR or LF lets a message end early at a server that takes it for a line end.</summary>
internal static class LineEnds
{
    /// <summary>The same bytes when all lines end in CR LF, the last one too; else a mended copy.</summary>
    public static ReadOnlyMemory<byte> Clean(ReadOnlyMemory<byte> bytes) =>
        IsClean(bytes.Span) ? bytes : Mend(bytes.Span);

    private static bool IsClean(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.EndsWith("\r\n"u8))
            return false;
        while (bytes.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var at)
        {
            if (!bytes[at..].StartsWith("\r\n"u8))
                return false;
            bytes = bytes[(at + 2)..];
        }
        return true;
    }

    private static byte[] Mend(ReadOnlySpan<byte> bytes)
    {
        var clean = new ArrayBufferWriter<byte>(bytes.Length + 64);
        while (bytes.Length > 0)
        {
            var at = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            var line = at < 0 ? bytes : bytes[..at];
            clean.Write(line);
            clean.Write("\r\n"u8);
            var end = at < 0 ? 0 : bytes[at..].StartsWith("\r\n"u8) ? 2 : 1;
            bytes = bytes[(line.Length + end)..];
        }
        return clean.WrittenSpan.ToArray();
    }
}
