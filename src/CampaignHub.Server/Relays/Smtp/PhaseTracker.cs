using System.Text;
using MailKit;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// Reads a dialogue along, because MailKit's exceptions don't tell where it ended. Commands wait in a queue for their
/// replies, so pipelined ones (RFC 2920) are told apart. It keeps no line that the client sends: they hold passwords.
/// </summary>
internal sealed class PhaseTracker(Action<SmtpPhase> progressed) : IProtocolLogger
{
    // Null stands for commands that belong to no phase: RSET, NOOP, QUIT.
    private readonly Queue<SmtpPhase?> unanswered = new();
    private readonly ReplyReader replies = new();
    private SmtpPhase reached = SmtpPhase.Connect;

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; } = new NoSecrets();

    /// <summary>The phase that waits for the server, or else the last one that it answered.</summary>
    public SmtpPhase Phase => unanswered.TryPeek(out var waiting) && waiting is { } phase ? phase : reached;

    /// <summary>The first refusal of the transaction, and where.</summary>
    public (SmtpPhase Phase, ReplyLine Reply)? Refusal { get; private set; }

    /// <summary>The last whole reply of a phase, and where.</summary>
    public (SmtpPhase Phase, ReplyLine Reply)? Last { get; private set; }

    /// <summary>The server has announced that it closes (421), whatever it was asked.</summary>
    public bool Closing { get; private set; }

    public ReplyReader Replies => replies;

    /// <summary>Connected and secured; what is refused from now on is the login.</summary>
    public void BeginLogin() => reached = SmtpPhase.Auth;

    /// <summary>A new message begins on the connection.</summary>
    public void BeginTransaction()
    {
        (Refusal, Last, reached) = (null, null, SmtpPhase.MailFrom);
        unanswered.Clear();
    }

    /// <summary>The body is on the wire to its last byte; what follows is the final dot.</summary>
    public void BodyWritten()
    {
        reached = SmtpPhase.AfterDot;
        unanswered.Enqueue(SmtpPhase.AfterDot);
        progressed(SmtpPhase.AfterDot);
    }

    public void LogConnect(Uri uri)
    {
        reached = SmtpPhase.Banner;
        unanswered.Enqueue(SmtpPhase.Banner);
    }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        if (reached == SmtpPhase.AfterDot && unanswered.Count > 0)
            return; // the dot itself: its deadline runs since BodyWritten
        if (reached != SmtpPhase.Body)
            Commands(buffer.AsSpan(offset, count));
        progressed(Phase);
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        foreach (var reply in replies.Read(new ArraySegment<byte>(buffer, offset, count)))
            Answered(reply);
    }

    public void Dispose()
    {
        // Nothing is held: MailKit disposes the logger with the client.
    }

    private void Commands(ReadOnlySpan<byte> bytes)
    {
        foreach (var range in bytes.Split("\r\n"u8))
        {
            var line = bytes[range];
            if (!line.IsEmpty)
                unanswered.Enqueue(PhaseOf(line));
        }
    }

    // In a login, lines that are no command are the client's side of the SASL exchange.
    private SmtpPhase? PhaseOf(ReadOnlySpan<byte> line) => Encoding.ASCII.GetString(line[..Math.Min(4, line.Length)]) switch
    {
        _ when reached == SmtpPhase.Auth && Last?.Reply.Code == 334 => SmtpPhase.Auth,
        "EHLO" or "HELO" => SmtpPhase.Ehlo,
        "STAR" => SmtpPhase.StartTls,
        "AUTH" => SmtpPhase.Auth,
        "MAIL" => SmtpPhase.MailFrom,
        "RCPT" => SmtpPhase.RcptTo,
        "DATA" => SmtpPhase.Data,
        _ => null,
    };

    private void Answered(ReplyLine reply)
    {
        Closing |= reply.Code == 421;
        var asked = unanswered.TryDequeue(out var waiting) ? waiting : reached;
        if (asked is not { } phase)
            return;
        Last = (phase, reply);
        if (reply.IsRefusal)
            Refusal ??= Last;
        reached = phase == SmtpPhase.Data && reply.Code == 354 ? SmtpPhase.Body : phase;
    }

    private sealed class NoSecrets : IAuthenticationSecretDetector
    {
        public IList<AuthenticationSecret> DetectSecrets(byte[] buffer, int offset, int count) => [];
    }
}
