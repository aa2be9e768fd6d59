using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Server.Inbound;

/// <summary>Lines and messages in, replies out, over one connection; every wait and every length has a bound.</summary>
internal sealed class InboundWire(Socket socket) : IAsyncDisposable
{
    /// <summary>Most bytes of a command: far more than RFC 5321 §4.5.3.1.4 asks for.</summary>
    private const int MaxLine = 2_048;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _from;
    private int _to;

    /// <summary>Whether the client has sent nothing that wasn't read: then it waits for replies.</summary>
    public bool IsDrained => _from == _to;

    /// <summary>A line without its end; null where the client left.</summary>
    /// <exception cref="InvalidDataException">It has no end.</exception>
    public async ValueTask<string?> ReadLineAsync(CancellationToken ct)
    {
        var line = new List<byte>(64);
        while (true)
        {
            if (IsDrained && !await FillAsync(ct))
                return null;
            var next = _buffer[_from++];
            if (next == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            if (line.Count == MaxLine)
                throw new InvalidDataException("A line has no end.");
            line.Add(next);
        }
    }

    /// <summary>
    /// Reads a message up to its final dot (only CRLF.CRLF is one: RFC 5321 §4.1.1.4), keeps its beginning, and counts the rest.
    /// Null where the client left, or where it is longer than it may be.
    /// </summary>
    public async Task<byte[]?> ReadMessageAsync(int kept, long most, CancellationToken ct)
    {
        using var message = new MemoryStream();
        var place = DotPlace.LineStart;
        for (var length = 0L; length <= most; length++)
        {
            if (IsDrained && !await FillAsync(ct))
                return null;
            var next = _buffer[_from++];
            (place, var isStuffing) = Step(place, next);
            if (place == DotPlace.End)
                return WithoutEnd(message);
            if (!isStuffing && message.Length < kept)
                message.WriteByte(next);
        }
        return null;
    }

    public async Task WriteAsync(string reply, CancellationToken ct)
    {
        using var patience = Patience(ct);
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(reply), patience.Token);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        using var patience = Patience(ct);
        (_from, _to) = (0, await _stream.ReadAsync(_buffer, patience.Token));
        return _to > 0;
    }

    private static CancellationTokenSource Patience(CancellationToken ct)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        return patience;
    }

    /// <summary>The place after a byte, and whether the byte is the dot that the client added before a line's own.</summary>
    private static (DotPlace Place, bool IsStuffing) Step(DotPlace place, byte next) => (place, next) switch
    {
        (DotPlace.LineStart, (byte)'.') => (DotPlace.Dot, true),
        (DotPlace.Dot, (byte)'\r') => (DotPlace.DotReturn, false),
        (DotPlace.DotReturn, (byte)'\n') => (DotPlace.End, false),
        (DotPlace.Return, (byte)'\n') => (DotPlace.LineStart, false),
        (_, (byte)'\r') => (DotPlace.Return, false),
        _ => (DotPlace.Line, false),
    };

    /// <summary>Of the end only its CR was taken for content.</summary>
    private static byte[] WithoutEnd(MemoryStream message)
    {
        if (message.Length > 0 && message.GetBuffer()[message.Length - 1] == '\r')
            message.SetLength(message.Length - 1);
        return message.ToArray();
    }

    private enum DotPlace
    {
        LineStart,
        Dot,
        DotReturn,
        Line,
        Return,
        End,
    }
}
