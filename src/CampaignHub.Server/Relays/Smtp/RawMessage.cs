using MimeKit;
using MimeKit.IO;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// Finished bytes in the shape that MailKit sends: header lines and body are written as they are, so that a resend is
/// the same byte for byte. A relay is told 8BITMIME when the message's own Content-Transfer-Encoding says 8bit.
/// </summary>
internal static class RawMessage
{
    /// <param name="source">The message; line ends are made CR LF where they are not.</param>
    /// <param name="bodyWritten">Called when its last byte is on the wire and the final dot is not.</param>
    public static MimeMessage Build(ReadOnlyMemory<byte> source, Action bodyWritten)
    {
        var clean = LineEnds.Clean(source);
        var split = clean.Span.IndexOf("\r\n\r\n"u8);
        var headers = split < 0 ? clean : clean[..(split + 4)];
        var body = new RawBody(clean[headers.Length..], bodyWritten);
        var message = new MimeMessage();
        message.Headers.Clear();
        body.Headers.Clear();
        foreach (var header in HeaderList.Load(new MemoryStream(headers.ToArray(), writable: false)))
            (header.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? body.Headers : message.Headers).Add(header);
        message.Body = body;
        return message;
    }

    private sealed class RawBody(ReadOnlyMemory<byte> content, Action written) : MimePart
    {
        // Transfer encodings were chosen when the bytes were made.
        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
        {
        }

        public override void WriteTo(
            FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default) =>
            stream.Write(content.Span);

        public override async Task WriteToAsync(
            FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
        {
            await stream.WriteAsync(content, cancellationToken);
            if (stream is not FilteredStream)
                return; // measured, not sent
            // Flushed here, so that a connection lost until now is known to be lost before the final dot.
            await stream.FlushAsync(cancellationToken);
            written();
        }
    }
}
