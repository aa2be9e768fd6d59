using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>How a request went.</summary>
internal enum Answered
{
    /// <summary>As if it were stored.</summary>
    Stored,

    /// <summary>It says that it isn't stored.</summary>
    NotStored,

    /// <summary>With any other status, or not at all.</summary>
    Failed,
}

/// <summary>One reader's HTTP connection: a request, its answer, the next request. Nothing is ever asked for twice.</summary>
internal sealed class ReaderConnection(int port) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;

    public async ValueTask<Answered> FetchAsync(string path, int number)
    {
        try
        {
            _socket ??= await ConnectAsync();
            var request = $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {ReadMail.AgentOf(number)}\r\nAccept: image/avif,image/webp,*/*;q=0.8\r\n\r\n";
            var length = Encoding.ASCII.GetBytes(request, _buffer);
            await _socket.SendAsync(_buffer.AsMemory(0, length));
            return await ReadAsync(_socket);
        }
        catch (SocketException)
        {
            Dispose();
            return Answered.Failed;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<Answered> ReadAsync(Socket socket)
    {
        for (var length = 0; ;)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(length));
            if (read == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            length += read;
            if (Understand(_buffer.AsSpan(0, length)) is { } answered)
                return answered;
        }
    }

    /// <summary>Null while it isn't whole.</summary>
    private static Answered? Understand(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;
        var headers = answer[..(head + 2)];
        var at = headers.IndexOf("Content-Length: "u8);
        var body = 0;
        if (at >= 0 && !System.Buffers.Text.Utf8Parser.TryParse(headers[(at + 16)..], out body, out _))
            return Answered.Failed;
        if (answer.Length < head + 4 + body)
            return null;
        if (!headers.StartsWith("HTTP/1.1 200"u8) && !headers.StartsWith("HTTP/1.1 302"u8))
            return Answered.Failed;
        return headers.IndexOf("Tracking-Stored: no"u8) < 0 ? Answered.Stored : Answered.NotStored;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
