using System.Net.Sockets;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// One connection to a relay, logged in and ready; one message at a time. Not safe for use from several threads.
/// </summary>
public sealed class SmtpConnection : IDisposable
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly SmtpDialogue dialogue;
    private readonly SmtpOpening opening;
    private readonly RelaySettings settings;

    private SmtpConnection(Socket socket, RelaySettings settings, SmtpTimeouts timeouts)
    {
        this.settings = settings;
        dialogue = new SmtpDialogue(socket, timeouts);
        opening = new SmtpOpening(dialogue, settings, socket.LocalEndPoint);
    }

    /// <summary>Messages tried on this connection so far.</summary>
    public int Messages { get; private set; }

    /// <summary>
    /// Whether another message may be sent on it: still open, nothing said by the server meanwhile (a 421, or its
    /// end), and fewer messages than the relay allows.
    /// </summary>
    public bool IsUsable => Messages < (settings.MaxMessagesPerConnection ?? int.MaxValue) && dialogue.IsReady;

    internal SmtpExtensions Extensions => opening.Extensions;

    internal RelayCertificate? Certificate => dialogue.Certificate;

    /// <summary>Resolves, checks, connects, secures and logs in. Exactly one of the two answers is not null.</summary>
    /// <exception cref="OperationCanceledException">The caller's token; a silent server is a result.</exception>
    public static async Task<(SmtpConnection? Connection, SmtpResult? Failure)> OpenAsync(
        RelaySettings settings, OutboundGuard guard, SmtpTimeouts timeouts, CancellationToken cancellationToken)
    {
        var (socket, failure) = await DialAsync(settings, guard, timeouts, cancellationToken);
        if (socket is null)
            return (null, failure);
        var connection = Over(socket, settings, timeouts);
        var opened = await connection.GreetAsync(cancellationToken);
        if (opened.Accepted)
            return (connection, null);
        connection.Dispose();
        return (null, opened);
    }

    /// <summary>
    /// Sends one finished message. After a refusal the connection stays (RSET) as long as <see cref="IsUsable"/>.
    /// </summary>
    /// <param name="source">Headers and body; transfer encodings are kept, line ends become CR LF.</param>
    /// <param name="from">The envelope sender; empty is the null sender.</param>
    /// <param name="to">The envelope recipient.</param>
    /// <param name="leave">Asked before DATA and before the final dot.</param>
    /// <param name="cancellationToken">Breaks the dialogue off.</param>
    /// <exception cref="OperationCanceledException">
    /// The caller's token: the connection is closed, and after the final dot nobody knows the outcome.
    /// </exception>
    public async Task<SmtpResult> SendAsync(
        ReadOnlyMemory<byte> source, string from, string to, SendingLeave leave, CancellationToken cancellationToken)
    {
        var envelope = Envelope.Of(from, to, Extensions.SmtpUtf8);
        if (envelope.Fault is { } fault)
            return fault;
        Messages++;
        var transaction = new SmtpTransaction(dialogue, Extensions, leave);
        return await dialogue.RunAsync(SmtpPhase.MailFrom, () => transaction.RunAsync(envelope, LineEnds.Clean(source)), cancellationToken);
    }

    /// <summary>Says goodbye without waiting long for an answer, and closes.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Goodbye);
        try
        {
            if (dialogue.IsReady)
                await dialogue.RunAsync(SmtpPhase.Connect, QuitAsync, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A relay that doesn't answer QUIT has lost nothing by it.
        }
        Dispose();
    }

    public void Dispose() => dialogue.Dispose();

    internal static SmtpConnection Over(Socket socket, RelaySettings settings, SmtpTimeouts timeouts) =>
        new(socket, settings, timeouts);

    /// <summary>Banner, EHLO, TLS and login; accepted when the connection is ready.</summary>
    internal Task<SmtpResult> GreetAsync(CancellationToken cancellationToken) =>
        dialogue.RunAsync(SmtpPhase.Connect, opening.RunAsync, cancellationToken);

    /// <summary>MAIL FROM and RSET: whether the relay takes a sender. Nothing is sent.</summary>
    internal async Task<SmtpResult> TrySenderAsync(string from, CancellationToken cancellationToken)
    {
        var envelope = Envelope.Of(from, "nobody@example.com", Extensions.SmtpUtf8);
        if (envelope.Fault is { } fault)
            return fault;
        var transaction = new SmtpTransaction(dialogue, Extensions, SendingLeave.Always);
        return await dialogue.RunAsync(SmtpPhase.MailFrom, () => transaction.TrySenderAsync(envelope), cancellationToken);
    }

    private async Task<SmtpResult> QuitAsync() =>
        SmtpResult.Replied(SmtpPhase.Connect, await dialogue.AskAsync(SmtpPhase.Connect, "QUIT", expected: 0));

    private static async Task<(Socket?, SmtpResult?)> DialAsync(
        RelaySettings settings, OutboundGuard guard, SmtpTimeouts timeouts, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeouts.Connect);
        try
        {
            var target = await guard.ResolveAsync(settings.Host, patience.Token);
            return target.Refusal is { } refusal
                ? (null, SmtpResult.Failed(SmtpPhase.Connect, SmtpFailure.Refused, refusal.Reason))
                : (await OutboundDial.ConnectAsync(target, settings.Port, patience.Token), null);
        }
        catch (SocketException exception)
        {
            return (null, SmtpResult.Failed(SmtpPhase.Connect, SmtpFailure.Refused, exception.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, SmtpResult.Failed(SmtpPhase.Connect, SmtpFailure.Timeout, "no answer to the connection in time"));
        }
    }
}
