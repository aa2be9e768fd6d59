using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>Cuts a server's bytes into replies (RFC 5321 4.2), whatever they are.</summary>
internal sealed class ReplyReader
{
    /// <summary>A server that answers more than this, in bytes, without an end has left the protocol.</summary>
    public const int MaxReply = 64 * 1024;

    // [start, start + length) is the reply read last, what follows up to end is not read yet.
    private byte[] buffer = new byte[1024];
    private int start;
    private int length;
    private int end;

    /// <summary>The bytes of the reply read last, with their line ends; good until the next is read.</summary>
    public ReadOnlySpan<byte> Reply => buffer.AsSpan(start, length);

    /// <summary>What has come and belongs to no reply read so far.</summary>
    public ReadOnlySpan<byte> Unread => buffer.AsSpan(start + length, end - start - length);

    public async ValueTask ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        (start, length) = (start + length, 0);
        for (var line = 0; !Ends(ref line);)
        {
            MakeRoom();
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("The server closed the connection.");
            end += read;
        }
    }

    /// <summary>Forgets what came ahead of its time.</summary>
    public void Discard() => (start, length, end) = (0, 0, 0);

    // Whole lines are looked at once; line is where the first that isn't whole begins.
    private bool Ends(ref int line)
    {
        while (Unread[line..] is var rest && rest.IndexOf((byte)'\n') is >= 0 and var at)
        {
            line += at + 1;
            if (IsContinued(rest[..at]))
                continue;
            length = line;
            return true;
        }
        return false;
    }

    private static bool IsContinued(ReadOnlySpan<byte> line) =>
        line.Length > 3 && line[3] == '-' && !line[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private void MakeRoom()
    {
        if (start == end)
            (start, end) = (0, 0);
        if (end < buffer.Length)
            return;
        if (end - start >= MaxReply)
            throw new BrokenDialogueException(SmtpFailure.Protocol, "The server's reply has no end.");
        var roomier = start > 0 ? buffer : new byte[2 * buffer.Length];
        Unread.CopyTo(roomier);
        (buffer, start, end) = (roomier, 0, end - start);
    }
}
