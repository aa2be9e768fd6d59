using System.Buffers;
using System.IO.Pipelines;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>
/// Reads the body of DATA: takes away stuffed dots and finds the end. Only CR LF . CR LF ends it, so that no other
/// line break can smuggle a second message in (RFC 5321 4.1.1.4).
/// </summary>
internal sealed class SinkBody(int maxBytes)
{
    private enum At { LineStart, Dot, DotCr, Text, TextCr, End }

    private readonly ArrayBufferWriter<byte> kept = new(16 * 1024);
    private At at = At.LineStart;

    public bool TooLarge { get; private set; }

    public byte[] ToArray() => kept.WrittenSpan.ToArray();

    /// <summary>Reads up to the end, or to the given number of wire bytes. False: that number came first.</summary>
    /// <exception cref="EndOfStreamException">The client left in mid-body.</exception>
    public async ValueTask<bool> ReadAsync(PipeReader reader, long stopAfter, CancellationToken cancellationToken)
    {
        while (stopAfter > 0)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer.Length > stopAfter ? result.Buffer.Slice(0, stopAfter) : result.Buffer;
            var used = 0L;
            foreach (var segment in buffer)
            {
                used += Take(segment.Span);
                if (at == At.End)
                    break;
            }
            reader.AdvanceTo(result.Buffer.GetPosition(used));
            stopAfter -= used;
            if (at == At.End)
                return true;
            if (result.IsCompleted)
                throw new EndOfStreamException("The client left in the middle of a message.");
        }
        return false;
    }

    // Consumes bytes and answers how many; all of them unless the end is among them.
    private int Take(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length && at != At.End)
        {
            if (at == At.Text && TextLength(bytes[i..]) is > 0 and var run)
            {
                Keep(bytes.Slice(i, run));
                i += run;
                continue;
            }
            at = Next(bytes[i++]);
        }
        return i;
    }

    private static int TextLength(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf((byte)'\r') is >= 0 and var cr ? cr : bytes.Length;

    private At Next(byte b)
    {
        switch (at)
        {
            case At.LineStart when b == '.':
                return At.Dot;
            case At.Dot when b == '\r':
                return At.DotCr;
            case At.DotCr when b == '\n':
                return At.End;
            case At.DotCr:
                Keep("\r"u8);
                break;
            case At.TextCr when b == '\n':
                Keep("\n"u8);
                return At.LineStart;
        }
        Keep([b]);
        return b == '\r' ? At.TextCr : At.Text;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (kept.WrittenCount + bytes.Length > maxBytes)
            TooLarge = true; // the rest is read and forgotten
        if (!TooLarge)
            kept.Write(bytes);
    }
}
