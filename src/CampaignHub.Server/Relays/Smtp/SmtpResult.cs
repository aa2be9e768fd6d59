namespace CampaignHub.Server.Relays.Smtp;

/// <summary>How far a dialogue had come. Up to <see cref="Body"/> nothing can have been accepted.</summary>
public enum SmtpPhase
{
    /// <summary>DNS, the outbound guard, TCP.</summary>
    Connect,
    Banner,
    Ehlo,

    /// <summary>STARTTLS or the TLS handshake, implicit TLS included.</summary>
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    Body,

    /// <summary>The final dot has been, or may have been, written: without an answer nobody knows.</summary>
    AfterDot,
}

/// <summary>What went wrong.</summary>
public enum SmtpFailure
{
    None,

    /// <summary>The server said no; see code and text.</summary>
    Reply,

    /// <summary>The server was silent for too long.</summary>
    Timeout,

    /// <summary>The connection could not be made, or ended.</summary>
    Reset,

    /// <summary>TLS is required and was not offered, or its handshake or certificate failed.</summary>
    Tls,

    /// <summary>The server answered what is no SMTP.</summary>
    Protocol,
}

/// <summary>The outcome of a message, or of opening a connection. Whatever a server does is such a value.</summary>
/// <param name="Accepted">A 2xx answer to the final dot (any of them), or an open connection.</param>
/// <param name="Phase">Where it ended.</param>
/// <param name="Code">The reply's code, 200–599, when there was a reply.</param>
/// <param name="EnhancedCode">"5.1.1" (RFC 3463), when the reply gave one.</param>
/// <param name="Text">The reply's text or the fault in words; at most 512 characters, control characters escaped.</param>
/// <param name="Failure">None exactly when accepted.</param>
public sealed record SmtpResult(
    bool Accepted, SmtpPhase Phase, int? Code, string? EnhancedCode, string Text, SmtpFailure Failure)
{
    internal static SmtpResult From(SmtpPhase phase, ReplyLine reply, bool accepted) =>
        new(accepted, phase, reply.Code, reply.EnhancedCode, reply.Text, accepted ? SmtpFailure.None : SmtpFailure.Reply);

    internal static SmtpResult Failed(SmtpPhase phase, SmtpFailure failure, string text) =>
        new(false, phase, null, null, ReplyLine.Printable(text), failure);
}
