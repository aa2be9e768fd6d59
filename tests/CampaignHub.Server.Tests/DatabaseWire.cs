using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CampaignHub.Server.Tests;

/// <summary>How a wire carries what is said on it.</summary>
public enum WireState
{
    Whole,

    /// <summary>Connections end at once, as those of a server that has stopped.</summary>
    Cut,

    /// <summary>Nothing comes through, and nobody is told.</summary>
    Silent,

    /// <summary>The server does what it is told, and its answers never arrive.</summary>
    LosesAnswers,
}

/// <summary>Stands between a service under test and its database, and fails as networks and servers do.</summary>
public sealed class DatabaseWire : IAsyncDisposable
{
    private readonly string _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WireState _state;

    private DatabaseWire(string direct)
    {
        Direct = direct;
        var settings = new NpgsqlConnectionStringBuilder(direct);
        _server = Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}");
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(direct)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>Through the wire.</summary>
    public string ConnectionString { get; }

    /// <summary>Past it.</summary>
    public string Direct { get; }

    /// <summary>To a new database of its own.</summary>
    public static async Task<DatabaseWire> NewAsync() => new(await TestCluster.NewDatabaseAsync());

    public void Become(WireState state)
    {
        // Where answers were lost, none comes any more.
        var ends = state == WireState.Cut || _state == WireState.LosesAnswers;
        _state = state;
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (ends)
            foreach (var socket in _sockets.Keys)
                socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Become(WireState.Cut);
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptSocketAsync());
        }
        catch (SocketException)
        {
            // Disposed of.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            (_sockets[client], _sockets[server]) = (true, true);
            try
            {
                await PassAsync();
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_server));
                await Task.WhenAny(CarryAsync(client, server, isAnswer: false), CarryAsync(server, client, isAnswer: true));
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // Cut.
            }
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
        }
    }

    private async Task CarryAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var length)
        {
            await PassAsync();
            if (!isAnswer || _state != WireState.LosesAnswers)
                await to.SendAsync(buffer.AsMemory(0, length));
        }
    }

    /// <summary>Waits while the wire is silent; ends what it carries once it is cut.</summary>
    private async Task PassAsync()
    {
        while (true)
        {
            var changed = _changed.Task;
            if (_state == WireState.Cut)
                throw new SocketException((int)SocketError.ConnectionReset);
            if (_state != WireState.Silent)
                return;
            await changed;
        }
    }
}
