using CampaignHub.Core;
using CampaignHub.Core.Storefronts;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A connected shop as its row holds it. <see cref="StorefrontView"/> is what callers see.</summary>
internal sealed record Storefront
{
    public Guid StorefrontId { get; init; }
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";
    public string Domain { get; init; } = "";
    public Guid ListId { get; init; }
    public string? TimeZone { get; init; }
    public byte[] SecretEncrypted { get; init; } = [];
    public byte[]? FormerSecretEncrypted { get; init; }
    public Instant? FormerUntil { get; init; }
    public byte[]? AccessTokenEncrypted { get; init; }
    public Instant? UninstalledAt { get; init; }
    public long Pending { get; init; }
    public long Processed { get; init; }
    public long Ignored { get; init; }
    public long Failed { get; init; }
    public Instant? LastReceivedAt { get; init; }
    public string? LastFault { get; init; }
    public Instant? LastFaultAt { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    public StorefrontKind KindWord => WireWords.Parse<StorefrontKind>(Kind)!.Value;

    // A record prints its members.
    public override string ToString() => $"{Name} ({Kind} {Domain})";
}
