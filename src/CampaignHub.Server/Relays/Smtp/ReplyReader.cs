using System.Text;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>Cuts a server's bytes into replies (RFC 5321 4.2), keeping no more of one than its text may hold.</summary>
internal sealed class ReplyReader
{
    /// <summary>A server that answers more than this, in bytes, without an end has left the protocol.</summary>
    public const int MaxReply = 64 * 1024;

    private readonly StringBuilder text = new();
    private readonly byte[] line = new byte[1024];
    private int lineLength;
    private int received;
    private int? code;

    /// <summary>What has come of a reply that is not yet whole; null when nothing has.</summary>
    public string? Partial => received == 0
        ? null
        : ReplyLine.Printable(text.Length > 0 ? text.ToString() : Encoding.UTF8.GetString(line, 0, lineLength));

    /// <summary>The unfinished reply, if its beginning can be read as one.</summary>
    public ReplyLine? Unfinished =>
        received > 0 && (code ?? CodeOf(line.AsSpan(0, lineLength))) is { } found
            ? ReplyLine.Of(found, text.Length > 0 ? text.ToString() : TextOf(line.AsSpan(0, lineLength)))
            : null;

    /// <exception cref="ReplyTooLongException">The reply has no end in sight.</exception>
    public IEnumerable<ReplyLine> Read(ArraySegment<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (++received > MaxReply)
                throw new ReplyTooLongException();
            if (b != '\n' && lineLength < line.Length)
                line[lineLength++] = b;
            if (b == '\n' && EndLine() is { } reply)
                yield return reply;
        }
    }

    private ReplyLine? EndLine()
    {
        var current = line.AsSpan(0, lineLength).TrimEnd((byte)'\r');
        var more = current.Length > 3 && current[3] == '-';
        if (text.Length == 0)
            code = CodeOf(current); // by the first line: what begins as no SMTP stays none
        if (text.Length < ReplyLine.MaxText)
            text.Append(text.Length > 0 ? " " : "").Append(TextOf(current));
        lineLength = 0;
        return more ? null : Finish();
    }

    private ReplyLine? Finish()
    {
        var reply = code is { } known ? ReplyLine.Of(known, text.ToString()) : null;
        if (reply is null)
            return null; // no SMTP: kept as Partial, and MailKit ends the dialogue
        text.Clear();
        (received, code) = (0, null);
        return reply;
    }

    private static int? CodeOf(ReadOnlySpan<byte> line) =>
        line.Length >= 3 && int.TryParse(line[..3], out var code) && code is >= 200 and <= 599 ? code : null;

    private static string TextOf(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(CodeOf(line) is null ? line : line[Math.Min(4, line.Length)..]);
}

/// <summary>A reply beyond <see cref="ReplyReader.MaxReply"/> bytes.</summary>
internal sealed class ReplyTooLongException() : IOException("The server's reply has no end.");
