namespace CampaignHub.Core.Sending;

/// <summary>How far the dialogue had come, in its order: the command whose answer is awaited.</summary>
public enum SmtpPhase
{
    Connect,
    Banner,
    Ehlo,
    StartTls,
    Auth,
    MailFrom,
    RcptTo,

    /// <summary>The DATA command, or BDAT's first chunk.</summary>
    Data,

    /// <summary>The message is being written; its final dot hasn't been.</summary>
    Body,

    /// <summary>The final dot has been written: from here on the relay may have accepted.</summary>
    AfterDot,
}

/// <summary>What happened instead of an answer.</summary>
public enum SmtpFailure
{
    /// <summary>No connection: refused, unreachable, name not resolved.</summary>
    Refused,

    /// <summary>The connection was closed or reset.</summary>
    Reset,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The relay is set to TLS and doesn't offer it. There is no downgrade.</summary>
    TlsNotOffered,

    /// <summary>The certificate is expired, for another name, or of an unknown issuer; or the handshake failed.</summary>
    TlsInvalid,

    /// <summary>The recipient's local part isn't ASCII and the relay has no SMTPUTF8 (RFC 6531).</summary>
    SmtpUtf8NotOffered,

    /// <summary>The relay answered what is no SMTP, or not to what it was asked.</summary>
    Protocol,

    /// <summary>We took the leave to send back, before DATA or before the final dot.</summary>
    Withdrawn,
}

/// <summary>How an attempt stands: the phase, and either the relay's reply or what happened instead.</summary>
public sealed record SmtpExchange
{
    /// <summary>The relay replied.</summary>
    public SmtpExchange(SmtpPhase phase, SmtpReply reply) => (Phase, Reply) = (phase, reply);

    /// <summary>There was no reply.</summary>
    public SmtpExchange(SmtpPhase phase, SmtpFailure failure) => (Phase, Failure) = (phase, failure);

    public SmtpPhase Phase { get; }

    /// <summary>The reply; null when <see cref="Failure"/> is set.</summary>
    public SmtpReply? Reply { get; }

    /// <summary>The failure; null when <see cref="Reply"/> is set.</summary>
    public SmtpFailure? Failure { get; }
}
