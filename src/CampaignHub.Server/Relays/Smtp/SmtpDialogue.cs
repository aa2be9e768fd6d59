using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using CampaignHub.Core.Sending;
using SaslException = MailKit.Security.SaslException;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// The conversation over one connection: what is written, what is answered, how far it has come, and how long a silence
/// is borne. It speaks no command of its own accord.
/// </summary>
internal sealed class SmtpDialogue(Socket socket, SmtpTimeouts timeouts) : IDisposable
{
    // A message that fits goes out in one write, with its final dot; a larger one is written from where it lies.
    private readonly byte[] gathered = new byte[32 * 1024];
    private const int Piece = 64 * 1024;

    private readonly ReplyReader replies = new();
    private Stream stream = new NetworkStream(socket, ownsSocket: true);
    private CancellationTokenSource silence = new();
    private SmtpResult? standing;
    private int length;
    private bool ended;

    /// <summary>The command whose answer is awaited, or was read last.</summary>
    public SmtpPhase Phase { get; private set; }

    /// <summary>Null before TLS.</summary>
    public RelayCertificate? Certificate { get; private set; }

    /// <summary>The bytes of the reply read last; good until the next is read.</summary>
    public ReadOnlySpan<byte> RawReply => replies.Reply;

    /// <summary>The server has said something that nobody has read.</summary>
    public bool HasUnread => !replies.Unread.IsEmpty;

    /// <summary>Open, and nothing said by the server unasked (a 421, or its end).</summary>
    public bool IsReady => !ended && !HasUnread && !socket.Poll(0, SelectMode.SelectRead);

    public CancellationToken Cancellation => silence.Token;

    /// <summary>Runs steps under the limits for silence. Whatever server or network do is the result, and a fault ends the connection.</summary>
    /// <exception cref="OperationCanceledException">The caller's token.</exception>
    public async Task<SmtpResult> RunAsync(SmtpPhase first, Func<Task<SmtpResult>> steps, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (silence, standing) = (patience, null);
        Enter(first);
        try
        {
            return await steps();
        }
        catch (Exception exception) when (IsServers(exception) && (standing is not null || !cancellationToken.IsCancellationRequested))
        {
            Dispose();
            return standing ?? Describe(exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A result that stands, whatever breaks after it; the first one counts.</summary>
    public SmtpResult Stand(SmtpResult result) => standing ??= result;

    /// <summary>Adds a line to what is written next.</summary>
    public ValueTask GatherAsync(string line) => GatherAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    /// <summary>Adds bytes to what is written next; what doesn't fit is written at once.</summary>
    public async ValueTask GatherAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > gathered.Length - length)
            await FlushAsync();
        while (bytes.Length > gathered.Length)
        {
            var piece = bytes[..Math.Min(bytes.Length, Piece)];
            await WriteAsync(piece);
            bytes = bytes[piece.Length..];
        }
        bytes.CopyTo(gathered.AsMemory(length));
        length += bytes.Length;
    }

    /// <summary>Writes what was gathered. Where this throws, its last byte hasn't left.</summary>
    public ValueTask FlushAsync()
    {
        var bytes = gathered.AsMemory(0, length);
        length = 0;
        return bytes.IsEmpty ? ValueTask.CompletedTask : WriteAsync(bytes);
    }

    /// <summary>One command and its answer.</summary>
    public async ValueTask<SmtpReply> AskAsync(SmtpPhase phase, string command, int expected = 2)
    {
        Enter(phase);
        await GatherAsync(command);
        await FlushAsync();
        return await ReplyAsync(phase, expected);
    }

    /// <summary>The next reply: a refusal, or of the class that is expected (0: any).</summary>
    public async ValueTask<SmtpReply> ReplyAsync(SmtpPhase phase, int expected = 2)
    {
        Enter(phase);
        var reply = await ReadAsync();
        ended |= reply.Code == 421;
        return reply.IsRefusal || expected == 0 || reply.Code / 100 == expected
            ? reply
            : throw new BrokenDialogueException(SmtpFailure.Protocol, $"{(reply.Code == 0 ? "no SMTP reply" : "unexpected reply")}: {reply}");
    }

    /// <summary>Puts the connection under TLS. What the server has said ahead of it in the clear is forgotten (CVE-2011-0411).</summary>
    public async Task SecureAsync(RelaySettings settings)
    {
        Phase = SmtpPhase.StartTls;
        replies.Discard();
        Certificate = new RelayCertificate(settings);
        var tls = new SslStream(stream);
        stream = tls;
        try
        {
            await tls.AuthenticateAsClientAsync(Certificate.Options, silence.Token);
        }
        catch (AuthenticationException exception)
        {
            throw new BrokenDialogueException(SmtpFailure.TlsInvalid, Certificate.Fault ?? (exception.InnerException ?? exception).Message);
        }
        Certificate.Protocol = tls.SslProtocol;
    }

    public void Dispose()
    {
        ended = true;
        stream.Dispose();
        Certificate?.Dispose();
    }

    /// <summary>Another step begins, and its patience.</summary>
    public void Enter(SmtpPhase phase)
    {
        Phase = phase;
        silence.CancelAfter(timeouts.For(phase));
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        Enter(Phase);
        await stream.WriteAsync(bytes, silence.Token);
    }

    private async ValueTask<SmtpReply> ReadAsync()
    {
        try
        {
            await replies.ReadAsync(stream, silence.Token);
        }
        catch (Exception exception) when (IsServers(exception) && Unfinished() is not null)
        {
            var cut = Unfinished()!;
            Dispose();
            return cut;
        }
        return SmtpReply.Parse(replies.Reply);
    }

    // A reply without an end counts once as much has come of it as is looked at. A yes counts only where it is the last word.
    private SmtpReply? Unfinished() =>
        replies.Unread.Length >= SmtpReply.MaxTextBytes && SmtpReply.Parse(replies.Unread) is { Code: > 0 } reply
            && (reply.IsRefusal || Phase == SmtpPhase.AfterDot)
                ? reply
                : null;

    private SmtpResult Describe(Exception exception) => exception switch
    {
        BrokenDialogueException broken => SmtpResult.Failed(Phase, broken.Failure, broken.Message),
        OperationCanceledException => SmtpResult.Failed(Phase, SmtpFailure.Timeout, $"no answer in time ({Phase})"),
        SaslException => SmtpResult.Failed(SmtpPhase.Auth, SmtpFailure.Protocol, exception.Message),
        _ => SmtpResult.Failed(Phase, SmtpFailure.Reset, exception.Message),
    };

    /// <summary>Faults that a server or a network can cause. Everything else is a bug, and is thrown.</summary>
    private static bool IsServers(Exception exception) =>
        exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or SaslException;
}

/// <summary>The dialogue can't go on, for another reason than a lost connection.</summary>
internal sealed class BrokenDialogueException(SmtpFailure failure, string text) : IOException(text)
{
    public SmtpFailure Failure => failure;
}
