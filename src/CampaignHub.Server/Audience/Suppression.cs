using System.ComponentModel.DataAnnotations;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>An address or pattern that must not be mailed, with its reason and source.</summary>
public sealed record Suppression
{
    /// <summary>The suppression's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>An address in lower case, <c>*@domain</c> (everybody at it) or <c>*.domain</c> (everybody at a domain below it).</summary>
    /// <example>*@shop.example</example>
    public string Pattern { get; init; } = "";

    /// <summary>Why it must not be mailed.</summary>
    [AllowedValues("manual", "unknown_recipient", "bounce", "complaint", "unsubscribe", "import")]
    public string Reason { get; init; } = "";

    /// <summary>A remark for people.</summary>
    public string? Note { get; init; }

    /// <summary>What made it: <c>api</c>, <c>import</c>, <c>bounce</c>, or <c>provider</c> where you suppressed it there.</summary>
    public string Source { get; init; } = "";

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }
}
