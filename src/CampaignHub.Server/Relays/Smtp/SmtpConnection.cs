using System.Net.Sockets;
using CampaignHub.Server.Platform.Outbound;
using MimeKit;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// One connection to a relay, logged in and ready; one message at a time. Not safe for use from several threads.
/// </summary>
public sealed class SmtpConnection : IDisposable
{
    private readonly RelayClient client;
    private readonly PhaseTracker tracker;
    private readonly RelaySettings settings;
    private readonly SmtpTimeouts timeouts;
    private readonly Socket socket;
    private CancellationTokenSource? deadline;

    private SmtpConnection(Socket socket, RelaySettings settings, SmtpTimeouts timeouts)
    {
        (this.socket, this.settings, this.timeouts) = (socket, settings, timeouts);
        tracker = new PhaseTracker(Progressed);
        client = new RelayClient(tracker, settings.TrustedRoots);
    }

    /// <summary>Messages tried on this connection so far.</summary>
    public int Messages { get; private set; }

    /// <summary>
    /// Whether another message may be sent on it: still open, nothing said by the server meanwhile (a 421, or its
    /// end), and fewer messages than the relay allows.
    /// </summary>
    public bool IsUsable => client.IsConnected && !tracker.Closing
        && Messages < (settings.MaxMessagesPerConnection ?? int.MaxValue)
        && !socket.Poll(0, SelectMode.SelectRead);

    internal RelayClient Client => client;

    /// <summary>Resolves, checks, connects, secures and logs in. Exactly one of the two answers is not null.</summary>
    /// <exception cref="OperationCanceledException">The caller's token; a silent server is a result.</exception>
    public static async Task<(SmtpConnection? Connection, SmtpResult? Failure)> OpenAsync(
        RelaySettings settings, OutboundGuard guard, SmtpTimeouts timeouts, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeouts.Connect);
        Socket socket;
        try
        {
            var target = await guard.ResolveAsync(settings.Host, patience.Token);
            if (target.Refusal is { } refusal)
                return (null, SmtpResult.Failed(SmtpPhase.Connect, SmtpFailure.Reset, refusal.Reason));
            socket = await OutboundDial.ConnectAsync(target, settings.Port, patience.Token);
        }
        catch (SocketException exception)
        {
            return (null, SmtpResult.Failed(SmtpPhase.Connect, SmtpFailure.Reset, exception.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, SmtpResult.Failed(SmtpPhase.Connect, SmtpFailure.Timeout, "no answer to the connection in time"));
        }
        return await OpenAsync(new SmtpConnection(socket, settings, timeouts), cancellationToken);
    }

    /// <summary>
    /// Sends one finished message. After a refusal the connection stays (RSET) as long as <see cref="IsUsable"/>.
    /// </summary>
    /// <param name="source">Headers and body; transfer encodings are kept, line ends become CR LF.</param>
    /// <param name="from">The envelope sender; empty is the null sender.</param>
    /// <param name="to">The envelope recipient.</param>
    /// <param name="mayBeginData">Asked right before DATA; false ends it without DATA, as a reset in phase RcptTo.</param>
    /// <param name="cancellationToken">Breaks the dialogue off.</param>
    /// <exception cref="OperationCanceledException">
    /// The caller's token: the connection is closed, and after the final dot nobody knows the outcome.
    /// </exception>
    public async Task<SmtpResult> SendAsync(
        ReadOnlyMemory<byte> source, string from, string to, Func<bool>? mayBeginData, CancellationToken cancellationToken)
    {
        var envelope = Envelope.Of(from, to, client.Capabilities);
        if (envelope.Fault is { } fault)
            return fault;
        Messages++;
        tracker.BeginTransaction();
        using var message = RawMessage.Build(source, tracker.BodyWritten);
        return await RunAsync(async token =>
        {
            client.MayBeginData = mayBeginData;
            try
            {
                await client.SendAsync(FormatOptions.Default, message, envelope.Sender!, [envelope.Recipient!], token);
            }
            catch (DataNotBegunException stale)
            {
                return SmtpResult.Failed(SmtpPhase.RcptTo, SmtpFailure.Reset, stale.Message);
            }
            return SmtpResult.From(SmtpPhase.AfterDot, tracker.Last!.Value.Reply, accepted: true);
        }, cancellationToken);
    }

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, string, string, Func{bool}, CancellationToken)"/>
    public Task<SmtpResult> SendAsync(
        ReadOnlyMemory<byte> source, string from, string to, CancellationToken cancellationToken) =>
        SendAsync(source, from, to, null, cancellationToken);

    /// <summary>Sends a message that is not yet bytes; text beyond ASCII is encoded for any relay.</summary>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, string, string, Func{bool}, CancellationToken)"/>
    public async Task<SmtpResult> SendAsync(
        MimeMessage message, string from, string to, CancellationToken cancellationToken)
    {
        message.Prepare(EncodingConstraint.SevenBit);
        using var bytes = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        await message.WriteToAsync(format, bytes, cancellationToken);
        return await SendAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), from, to, null, cancellationToken);
    }

    /// <summary>Says goodbye without waiting long for an answer, and closes.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            if (client.IsConnected)
                await client.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception exception) when (SmtpFaults.IsServers(exception))
        {
            // A relay that doesn't answer QUIT has lost nothing by it.
        }
        Dispose();
    }

    public void Dispose()
    {
        client.Dispose();
        socket.Dispose();
    }

    internal static SmtpConnection Over(Socket socket, RelaySettings settings, SmtpTimeouts timeouts) =>
        new(socket, settings, timeouts);

    /// <summary>Banner, EHLO, TLS and login; accepted when the connection is ready.</summary>
    internal Task<SmtpResult> GreetAsync(CancellationToken cancellationToken) => RunAsync(async token =>
    {
        await client.ConnectAsync(socket, settings.Host, settings.Port, settings.SocketOptions, token);
        if (settings.Username is { } user)
        {
            tracker.BeginLogin();
            await client.AuthenticateAsync(user, settings.Password ?? "", token);
        }
        client.DropChunking();
        return SmtpResult.From(tracker.Last!.Value.Phase, tracker.Last!.Value.Reply, accepted: true);
    }, cancellationToken);

    /// <summary>MAIL FROM and RSET: whether the relay takes a sender. Nothing is sent.</summary>
    internal async Task<SmtpResult> TrySenderAsync(string from, CancellationToken cancellationToken)
    {
        var envelope = Envelope.Of(from, "nobody@example.com", client.Capabilities);
        if (envelope.Fault is { } fault)
            return fault;
        tracker.BeginTransaction();
        return await RunAsync(async token =>
        {
            await client.CommandAsync($"MAIL FROM:<{envelope.Sender!.GetAddress(idnEncode: true)}>", token);
            var reply = tracker.Last!.Value.Reply;
            await client.CommandAsync("RSET", token);
            return SmtpResult.From(SmtpPhase.MailFrom, reply, accepted: !reply.IsRefusal);
        }, cancellationToken);
    }

    private async Task<SmtpResult> RunAsync(
        Func<CancellationToken, Task<SmtpResult>> dialogue, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline = silence;
        silence.CancelAfter(timeouts.For(tracker.Phase));
        try
        {
            return await dialogue(silence.Token);
        }
        catch (Exception exception) when (SmtpFaults.IsServers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return SmtpFaults.ToResult(tracker, exception);
        }
        finally
        {
            deadline = null;
        }
    }

    private static async Task<(SmtpConnection?, SmtpResult?)> OpenAsync(
        SmtpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var opened = await connection.GreetAsync(cancellationToken);
            if (opened.Accepted)
                return (connection, null);
            connection.Dispose();
            return (null, opened);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Progressed(SmtpPhase phase) => deadline?.CancelAfter(timeouts.For(phase));
}
