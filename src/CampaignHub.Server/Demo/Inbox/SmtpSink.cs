using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>
/// An SMTP server (RFC 5321) that keeps all mail and delivers none: the demo's inbox and the tests' relay. It can be
/// told to misbehave at any step. Listens on 127.0.0.1 from <see cref="Start"/> until disposed.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<int, Task> sessions = new();
    private readonly ConcurrentDictionary<string, int> commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim room;
    private readonly SinkStore store;
    private Task accepting = Task.CompletedTask;
    private Exception? fault;
    private int connections;

    private SmtpSink(SmtpSinkOptions options)
    {
        Options = options;
        store = new SinkStore(options);
        room = new SemaphoreSlim(options.MaxConnections);
        listener = new TcpListener(IPAddress.Loopback, options.Port);
    }

    public SmtpSinkOptions Options { get; }

    /// <summary>The script; may be changed while the sink runs.</summary>
    public SinkBehaviour Behaviour { get; } = new();

    /// <summary>The port listened on.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Connections open now.</summary>
    public int OpenConnections => sessions.Count;

    /// <summary>Messages kept so far.</summary>
    public int MessageCount => store.Count;

    /// <summary>What is kept now, in order of receipt.</summary>
    public IReadOnlyList<SinkMessage> Messages => store.Snapshot();

    /// <summary>How often a command has been received ("RSET").</summary>
    public int CommandCount(string verb) => commands.GetValueOrDefault(verb);

    /// <summary>Opens the port and begins to accept.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SmtpSink Start(SmtpSinkOptions options)
    {
        var sink = new SmtpSink(options);
        sink.listener.Start(backlog: 512);
        sink.accepting = sink.AcceptAsync();
        return sink;
    }

    /// <summary>All messages from the first, then each new one as it comes, until cancelled or the sink is disposed.</summary>
    public IAsyncEnumerable<SinkMessage> ReadAllAsync(CancellationToken cancellationToken) =>
        store.ReadAllAsync(cancellationToken);

    /// <summary>Waits until so many messages are kept, and answers them.</summary>
    public async Task<IReadOnlyList<SinkMessage>> WaitForAsync(int count, CancellationToken cancellationToken)
    {
        if (count > 0)
        {
            var seen = 0;
            await foreach (var _ in ReadAllAsync(cancellationToken))
            {
                if (++seen >= count)
                    break;
            }
        }
        return Messages;
    }

    /// <summary>Closes the port and all connections, and waits for their sessions to end.</summary>
    /// <exception cref="InvalidOperationException">A session failed: a hook threw; the first fault is inside.</exception>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(sessions.Values);
        await store.DisposeAsync();
        room.Dispose();
        stopping.Dispose();
        if (fault is not null)
            throw new InvalidOperationException("A session of the sink failed.", fault);
    }

    internal SinkStore Store => store;

    internal void CountCommand(string verb) => commands.AddOrUpdate(verb, 1, (_, n) => n + 1);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await room.WaitAsync(stopping.Token);
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                socket.NoDelay = true;
                var number = Interlocked.Increment(ref connections);
                var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                sessions[number] = ServeAsync(socket, number, begun.Task);
                begun.SetResult();
            }
        }
        catch (Exception exception) when (stopping.IsCancellationRequested
            && exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed: no more connections.
        }
    }

    private async Task ServeAsync(Socket socket, int number, Task begun)
    {
        await begun; // the session is on the list before it can take itself off
        try
        {
            await using var session = new SinkSession(this, socket, number);
            await session.RunAsync(stopping.Token);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref fault, exception, null); // a script's or our own: thrown at disposal
        }
        finally
        {
            sessions.TryRemove(number, out _);
            room.Release();
        }
    }
}
