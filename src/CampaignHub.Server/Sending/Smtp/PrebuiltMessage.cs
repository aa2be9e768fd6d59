using System.Buffers;
using MimeKit;
using MimeKit.IO;

namespace CampaignHub.Server.Sending.Smtp;

/// <summary>
/// Finished bytes in the shape that MailKit sends. They are written as they are, so a resend is the same byte for byte;
/// only line ends are made CR LF, because a bare one can smuggle a message past the next server.
/// </summary>
internal sealed class PrebuiltMessage : MimeMessage
{
    private readonly ReadOnlyMemory<byte> source;
    private readonly Action bodyWritten;

    public PrebuiltMessage(ReadOnlyMemory<byte> source, Action bodyWritten)
    {
        this.source = HasCleanLines(source.Span) ? source : CleanLines(source.Span);
        this.bodyWritten = bodyWritten;
    }

    // Transfer encodings were chosen when the bytes were made.
    public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
    {
    }

    public override void WriteTo(FormatOptions options, Stream stream, bool headersOnly, CancellationToken cancellationToken = default) =>
        stream.Write(source.Span); // MailKit measures the size this way

    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool headersOnly, CancellationToken cancellationToken = default)
    {
        await stream.WriteAsync(source, cancellationToken);
        if (stream is not FilteredStream)
            return; // measured, not sent
        // Flushed here, so that a connection lost until now is known to be lost before the final dot.
        await stream.FlushAsync(cancellationToken);
        bodyWritten();
    }

    private static bool HasCleanLines(ReadOnlySpan<byte> bytes)
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

    private static byte[] CleanLines(ReadOnlySpan<byte> bytes)
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
