using System.Buffers;

namespace CampaignHub.Core.Sending;

/// <summary>What a refusal means, by enhanced code first (RFC 3463) and by the texts that providers are known for where there is none.</summary>
internal static class SmtpReplyTexts
{
    private static readonly SearchValues<string> s_rate = Texts(
        "throttl", "rate limit", "rate-limit", "ratelimit", "sending rate", "rate exceeded", "too fast", "slow down",
        "too many messages", "too many connections", "too many concurrent", "sending limit");

    private static readonly SearchValues<string> s_quota = Texts(
        "message quota", "sending quota", "daily quota", "hourly limit", "daily limit", "hourly quota", "daily user sending", "daily message");

    private static readonly SearchValues<string> s_unknown = Texts(
        "user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "unknown recipient", "recipient unknown",
        "recipient not found", "user not found", "mailbox not found", "mailbox does not exist", "mailbox doesn't exist",
        "user does not exist", "user doesn't exist", "does not exist", "invalid recipient", "unknown mailbox", "no mailbox here",
        "not a valid mailbox", "account that you tried to reach", "unrouteable address", "address unknown", "unknown address");

    private static readonly SearchValues<string> s_full = Texts(
        "mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded storage", "insufficient storage", "out of storage");

    private static readonly SearchValues<string> s_policy = Texts(
        "spam", "blacklist", "blocklist", "block list", "black list", "denied by policy", "policy reasons", "policy violation",
        "dmarc", "poor reputation", "spf check", "spf fail");

    /// <summary>What the relay takes from us in an hour or a day is used up; says nothing about the person.</summary>
    public static bool IsQuota(SmtpReply reply) => reply.Enhanced switch
    {
        { Subject: 4, Detail: 5 } => !Says(reply, s_rate),
        { Subject: 2 } => false, // the mailbox's own
        _ => Says(reply, s_quota),
    };

    /// <summary>The relay wants less mail in this time; says nothing about the person.</summary>
    public static bool IsRateLimit(SmtpReply reply) => reply.Enhanced switch
    {
        { Subject: 4, Detail: 5 } => true,
        { Subject: 2 } => false, // the mailbox's own state, "receiving mail at a rate that…" too
        _ => Says(reply, s_rate),
    };

    /// <summary>The mailbox is full, or the message too large for it: time or a smaller message may help.</summary>
    public static bool IsFull(SmtpReply? reply) => reply is { Code: >= 400 } && reply switch
    {
        { Code: 552, Enhanced: null or { Subject: 2 or 3 } } => true,
        { Enhanced: { Subject: 2, Detail: 2 } or { Subject: 3, Detail: 4 } } => true,
        { Enhanced: null } => Says(reply, s_full),
        _ => false,
    };

    /// <summary>Refused for what it is or where it comes from, not for whom it is to.</summary>
    public static bool IsPolicy(SmtpReply? reply) => reply is { IsPermanent: true }
        && (reply.Enhanced is { } code ? code.Subject == 7 : Says(reply, s_policy));

    /// <summary>The address doesn't exist, so nothing may be sent to it again.</summary>
    public static bool IsUnknownRecipient(SmtpReply? reply) => reply is { IsPermanent: true } && reply.Enhanced switch
    {
        { Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 } or { Subject: 2, Detail: 1 } => true,
        null => Says(reply, s_unknown),
        _ => false,
    };

    private static bool Says(SmtpReply reply, SearchValues<string> texts) => reply.FirstLine.AsSpan().ContainsAny(texts);

    private static SearchValues<string> Texts(params ReadOnlySpan<string> texts) =>
        SearchValues.Create(texts, StringComparison.OrdinalIgnoreCase);
}
