using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CampaignHub.Server.Relays.Smtp;

namespace CampaignHub.Server.Tests.Relays.Smtp;

/// <summary>
/// A relay that answers each line by a script, for dialogues that no sane server has. Null closes the connection, an
/// empty answer is silence. Lines between 354 and the final dot are a message, and aren't asked for.
/// </summary>
internal sealed class ScriptedRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<string, string?> script;
    private readonly Task serving;

    public ScriptedRelay(Func<string, string?> script)
    {
        this.script = script;
        listener.Start();
        serving = ServeAsync();
    }

    public RelaySettings Settings => new() { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, Tls = RelayTls.None };

    /// <summary>Whole messages, each by the line that its 354 answered. An empty one has no lines.</summary>
    public ConcurrentQueue<string> Messages { get; } = [];

    public ConcurrentQueue<string> Commands { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
            // Disposed, or the other side has gone.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        StringBuilder? message = null;
        for (var line = "CONNECT"; line is not null; line = await reader.ReadLineAsync(stopping.Token))
        {
            if (message is not null && line != ".")
            {
                message.Append(line).Append("\r\n");
                continue;
            }
            if (message is not null)
                Messages.Enqueue(message.ToString());
            message = null;
            Commands.Enqueue(line);
            if (script(line) is not { } answer)
                return;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), stopping.Token);
            message = answer.StartsWith("354", StringComparison.Ordinal) ? new() : null;
        }
    }
}
