using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>Opens TCP connections to checked addresses, one after the other until one answers.</summary>
public static class OutboundDial
{
    // A dead address (an IPv6 route that leads nowhere) may not eat the time of those that follow it.
    private static readonly TimeSpan BeforeNext = TimeSpan.FromSeconds(5);

    /// <summary>A connected socket with Nagle's delay off: SMTP and HTTP write whole requests.</summary>
    /// <exception cref="SocketException">No address answered; the last one's fault.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; also by a caller's own timeout.</exception>
    public static async Task<Socket> ConnectAsync(OutboundTarget target, int port, CancellationToken cancellationToken)
    {
        if (target.Refusal is { } refusal)
            throw new InvalidOperationException($"A refused host is not to be dialled: {refusal.Reason}");
        for (var i = 0; i < target.Addresses.Count - 1; i++)
        {
            if (await TryAsync(target.Addresses[i], port, cancellationToken) is { } socket)
                return socket;
        }
        return await OpenAsync(target.Addresses[^1], port, cancellationToken);
    }

    private static async Task<Socket?> TryAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(BeforeNext);
        try
        {
            return await OpenAsync(address, port, patience.Token);
        }
        catch (Exception exception) when (exception is SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null; // the next address is tried; the last one's fault is thrown
        }
    }

    private static async Task<Socket> OpenAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
