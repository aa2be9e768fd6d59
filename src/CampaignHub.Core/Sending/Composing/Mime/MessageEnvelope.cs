using NodaTime;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>An address with the name shown beside it, in any script.</summary>
/// <param name="Name">May be null.</param>
/// <param name="Email">Valid, its domain in punycode.</param>
public sealed record MailAddress(string? Name, string Email);

/// <summary>What one message's header says besides its subject and its sender.</summary>
public sealed record MessageEnvelope
{
    /// <summary>The delivery's id: Message-ID and boundary come of it, so the same delivery has the same bytes.</summary>
    public required Guid DeliveryId { get; init; }
    public required MailAddress To { get; init; }

    /// <summary>The Date header, to the second, in UTC.</summary>
    public required Instant Date { get; init; }

    /// <summary>The relay's; each must have no <see cref="ExtraHeader.Problem"/>.</summary>
    public IReadOnlyList<ExtraHeader> ExtraHeaders { get; init; } = [];
}
