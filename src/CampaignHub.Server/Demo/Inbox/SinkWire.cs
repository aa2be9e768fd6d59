using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>Lines in, bytes out, over one socket. Answers to pipelined commands leave together (RFC 2920).</summary>
internal sealed class SinkWire : IAsyncDisposable
{
    // RFC 4954 asks for 12,288 octets of an AUTH line; all other commands are far shorter.
    private const int MaxLine = 12_288 + 2;
    private static readonly StreamPipeReaderOptions Buffering = new(bufferSize: 32 * 1024, leaveOpen: true);

    private readonly Socket socket;
    private readonly ArrayBufferWriter<byte> pending = new(512);
    private Stream stream;

    public SinkWire(Socket socket)
    {
        this.socket = socket;
        stream = new NetworkStream(socket, ownsSocket: true);
        Reader = PipeReader.Create(stream, Buffering);
    }

    public PipeReader Reader { get; private set; }

    public bool IsTls => stream is SslStream;

    /// <summary>Whatever the client has sent ahead of the handshake is discarded: it was never under TLS.</summary>
    public async Task UpgradeAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        await Reader.CompleteAsync();
        var tls = new SslStream(stream);
        stream = tls;
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
        Reader = PipeReader.Create(tls, Buffering);
    }

    /// <summary>The next line without its end; null when the client has closed.</summary>
    /// <exception cref="InvalidDataException">No line end in sight.</exception>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!Reader.TryRead(out var result))
            {
                await FlushAsync(cancellationToken);
                result = await Reader.ReadAsync(cancellationToken);
            }
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(buffer.Slice(0, end)).TrimEnd('\r');
                Reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }
            Reader.AdvanceTo(buffer.Start, buffer.End);
            if (buffer.Length > MaxLine)
                throw new InvalidDataException("A command line without an end.");
            if (result.IsCompleted)
                return null;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes) => pending.Write(bytes);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (pending.WrittenCount == 0)
            return;
        await stream.WriteAsync(pending.WrittenMemory, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        pending.ResetWrittenCount();
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.CompleteAsync();
        await stream.DisposeAsync();
        socket.Dispose();
    }
}
