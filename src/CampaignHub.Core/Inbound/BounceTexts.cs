using System.Buffers;

namespace CampaignHub.Core.Inbound;

/// <summary>The words that mail servers are known for. A phrase is here only if it means the same wherever it stands.</summary>
internal static class BounceTexts
{
    /// <summary>There is no such mailbox.</summary>
    private static readonly SearchValues<string> s_unknownUser = Texts(
        "user unknown", "unknown user", "user is unknown", "no such user", "no such recipient", "no such mailbox", "no such account", "no such address",
        "unknown recipient", "recipient unknown", "recipient not found", "recipnotfound", "recipientnotfound", "recipient name is not recognized",
        "recipient no longer on server", "user not found", "mailbox not found", "mailbox does not exist", "mailbox doesn't exist", "account does not exist",
        "user does not exist", "user doesn't exist", "address does not exist", "this user doesn't have a", "invalid recipient", "invalid mailbox",
        "unknown mailbox", "no mailbox here by that name", "not a valid mailbox", "account that you tried to reach does not exist", "email address wasn't found",
        "email address wasn\u2019t found", "email address you entered couldn't be found", "address unknown", "not listed in", "not our customer", "not our user",
        "no valid recipients for this", "requested action not taken: mailbox unavailable", "mailbox has moved", "and other recipients in the same domain",
        // The same in other languages.
        "destinataire invalide", "utilisateur inconnu", "destinataire inconnu", "benutzer unbekannt", "empf\u00e4nger unbekannt", "unbekannter benutzer",
        "unbekannter empf\u00e4nger", "usuario desconocido", "destinatario desconocido", "utente sconosciuto", "destinatario sconosciuto",
        "usu\u00e1rio desconhecido", "\u30c7\u30a3\u30ec\u30af\u30c8\u30ea\u306b\u306f\u898b\u3064\u304b\u308a\u307e\u305b\u3093",
        "\u30c7\u30a3\u30ec\u30af\u30c8\u30ea\u306e\u30ea\u30b9\u30c8\u306b\u3042\u308a\u307e\u305b\u3093");

    /// <summary>There is no such domain, or it takes no mail.</summary>
    private static readonly SearchValues<string> s_unknownHost = Texts(
        "host unknown", "unknown host", "host not found", "domain not found", "domain is not reachable", "couldn't find any host named", "unrouteable address",
        "unroutable address", "no mx record found", "domain does not exist", "does not accept mail");

    private static readonly SearchValues<string> s_full = Texts(
        "mailbox full", "mailbox is full", "mailbox exceeds", "inbox is full", "over quota", "overquota", "quota exceed", "exceeded quota", "exceeded storage",
        "quota exceeded", "over the quota", "insufficient storage", "out of storage", "not enough disk space", "not enough storage", "storage quota", "user is over");

    /// <summary>Refused for what the message is, or where it comes from.</summary>
    private static readonly SearchValues<string> s_policy = Texts(
        "spam", "unsolicited", "blacklist", "blocklist", "block list", "black list", "blocked", "banned", "denied by policy", "policy reasons", "policy violation",
        "security policies", "dmarc", "dkim", "spf record", "spf check", "spf fail", "reputation", "virus", "malware", "open relay", "relay access denied",
        "relaying denied", "unable to relay", "insecure mail relay", "not configured to relay", "client host rejected", "content rejected", "message rejected",
        "message not allowed", "network not allowed", "not allowed to send", "recipient preferences", "authentication required", "not authorized",
        "unauthenticated", "access denied", "no access from", "reverse dns", "dns ptr", "mismatches client ip", "protocol violation", "not accepting connections");

    /// <summary>The sender is refused, not the recipient.</summary>
    private static readonly SearchValues<string> s_sender = Texts(
        "sender address rejected", "domain of sender", "sender domain", "sender rejected", "rejected mail from", "sender verify failed", "email address is not verified",
        "not a member of", "not allowed to post");

    /// <summary>Less, or later.</summary>
    private static readonly SearchValues<string> s_later = Texts(
        "too many recipients", "too many connections", "too many messages", "rate limit", "rate limited", "throttl", "try again later", "try later",
        "not found, try again", "temporarily deferred", "temporary failure", "this hour");

    /// <summary>The report says itself that more attempts follow.</summary>
    private static readonly SearchValues<string> s_goesOn = Texts(
        "this is a warning message only", "this is a warning only", "will be retried", "only a temporary failure report", "has been delayed", "you do not need to resend");

    /// <summary>A text, or a subject, that tells of mail that wasn't delivered.</summary>
    private static readonly SearchValues<string> s_failure = Texts(
        "undeliver", "returned mail", "failure notice", "delivery failure", "delivery has failed", "delivery failed", "failed delivery", "failure delivery",
        "delivery status notification", "delivery notification", "could not be delivered", "couldn't be delivered", "could not deliver", "couldn't deliver",
        "able to deliver", "unable to deliver", "not delivered", "not been delivered", "failed permanently", "error delivering", "returned to sender",
        "returning message to sender", "permanent error", "fatal error", "did not reach", "did not receive this message", "transcript of session",
        "rejected by a remote", "has been delayed", "delayed mail", "failure reasons", "mail system error", "unknown user:", "is delayed for more", "an error has occurred while attempting");

    public static bool SaysUnknownUser(string text) => text.AsSpan().ContainsAny(s_unknownUser);

    public static bool SaysUnknownHost(string text) => text.AsSpan().ContainsAny(s_unknownHost);

    public static bool SaysFull(string text) => text.AsSpan().ContainsAny(s_full);

    public static bool SaysPolicy(string text) => text.AsSpan().ContainsAny(s_policy);

    public static bool SaysSender(string text) => text.AsSpan().ContainsAny(s_sender);

    public static bool SaysLater(string text) => text.AsSpan().ContainsAny(s_later);

    public static bool SaysItGoesOn(string text) => text.AsSpan().ContainsAny(s_goesOn);

    public static bool TellsOfFailure(string text) => text.AsSpan().ContainsAny(s_failure);

    private static SearchValues<string> Texts(params ReadOnlySpan<string> texts) => SearchValues.Create(texts, StringComparison.OrdinalIgnoreCase);
}
