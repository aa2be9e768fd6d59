using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A person's consent as it stands.</summary>
/// <param name="Status">Only granted is mailed.</param>
/// <param name="Source">Who said so.</param>
/// <param name="At">When it was said; null where nobody knows.</param>
internal sealed record Consent(ConsentStatus Status, string? Source, Instant? At)
{
    /// <summary>The consent after a statement, by Core's table; the very same one where the statement changes nothing.</summary>
    /// <param name="current">Null where the person is new.</param>
    /// <param name="stated">What is said now.</param>
    /// <param name="channel">How it comes in.</param>
    public static Consent After(Consent? current, StatedConsent stated, ConsentChannel channel)
    {
        var sameOrigin = current?.Source is { } source && source == stated.Source;
        var order = ConsentTable.OrderOf(stated.At, current?.At);
        var decision = ConsentTable.Decide(current?.Status, stated.Statement, channel, sameOrigin, order);
        return current is null || decision.TakesStatement ? new Consent(decision.Status, stated.Source, stated.At) : current;
    }
}

/// <summary>What somebody says of a person's consent.</summary>
/// <param name="Statement">The word.</param>
/// <param name="Source">Who says it.</param>
/// <param name="At">When it was said; null where nobody knows.</param>
internal sealed record StatedConsent(ConsentStatement Statement, string? Source, Instant? At);
