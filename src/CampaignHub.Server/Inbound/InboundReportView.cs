using System.ComponentModel.DataAnnotations;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>What a mail that came back, or a provider, said of a delivery.</summary>
public sealed record InboundReportView
{
    /// <summary>The report's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>The delivery that it is about.</summary>
    public Guid DeliveryId { get; init; }

    /// <summary>When it came.</summary>
    public Instant ReceivedAt { get; init; }

    /// <summary>
    /// <c>hard</c>: the address doesn't exist; <c>soft</c>: not delivered for another reason; <c>policy</c>: refused for what
    /// the message is or where it comes from; <c>full</c>: the mailbox is full; <c>auto_reply</c>: a machine answered;
    /// <c>complaint</c>: it was reported as spam; <c>unsubscribe</c>: the person told a provider that they want no more; <c>reply</c>: the person answered; <c>other</c>: none of these.
    /// </summary>
    [AllowedValues("hard", "soft", "policy", "full", "auto_reply", "complaint", "unsubscribe", "reply", "other")]
    public string Class { get; init; } = "";

    /// <summary>The rule that decided.</summary>
    /// <example>unknown_user</example>
    public string Rule { get; init; } = "";

    /// <summary>False where the other side still tries.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The enhanced status code (RFC 3463); null where there is none.</summary>
    /// <example>5.1.1</example>
    public string? Code { get; init; }

    /// <summary>What the other side said: one line without names before an @, at most 512 characters; null where it said nothing.</summary>
    public string? Diagnostic { get; init; }
}
