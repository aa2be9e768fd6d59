using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// Takes what a mail server hands over by SMTP (RFC 5321) or LMTP (RFC 2033): mail to return paths of ours, and nothing else.
/// Beyond so many connections the next ones wait.
/// </summary>
internal sealed partial class InboundListener(
    InboundIntake intake, ReturnPaths paths, InboundMetrics metrics, Settings settings, ILogger<InboundListener> log) : BackgroundService
{
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();
    private readonly TcpListener _listener = new(settings.Inbound.ListenEndPoint!);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <exception cref="StartupException">The port is taken.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _listener.Start();
        }
        catch (SocketException fault)
        {
            throw new StartupException($"CampaignHub__Inbound__Listen is '{settings.Inbound.Listen}', where nothing can listen: {fault.Message}");
        }
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var room = new SemaphoreSlim(settings.Inbound.MaxConnections);
        try
        {
            while (true)
            {
                await room.WaitAsync(stoppingToken);
                var session = ServeAsync(await _listener.AcceptSocketAsync(stoppingToken), stoppingToken);
                _sessions[session] = true;
                _ = session.ContinueWith(
                    ended =>
                    {
                        _sessions.TryRemove(ended, out var _);
                        room.Release();
                    }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _listener.Stop();
            // A session that is committing answers first.
            await Task.WhenAll(_sessions.Keys);
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            socket.NoDelay = true;
            await using var wire = new InboundWire(socket);
            await new InboundSession(wire, paths, metrics, intake).RunAsync(stopping);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or InvalidDataException)
        {
            // The client left, was silent, or sent what is no line; or the service stops. What wasn't answered comes again.
            LogLost(fault.Message);
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A mail server's connection ended: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail that came back could not be taken; it will come again")]
    private partial void LogFault(Exception fault);
}
