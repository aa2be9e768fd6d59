using System.ComponentModel.DataAnnotations;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A connected shop. Its secret is written, never read back.</summary>
public sealed record StorefrontView
{
    /// <summary>The storefront's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary><c>shopify</c> or <c>woocommerce</c>.</summary>
    [AllowedValues("shopify", "woocommerce")]
    public string Kind { get; init; } = "";

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The shop's own domain, which is the source of the consents that it states.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The list that buyers are put on.</summary>
    public Guid ListId { get; init; }

    /// <summary>The shop's own time zone (IANA); null where it isn't known.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Where the shop posts to.</summary>
    public string WebhookUrl { get; init; } = "";

    /// <summary>Until when the secret before this one counts too; null: it doesn't.</summary>
    public Instant? FormerSecretUntil { get; init; }

    /// <summary>When the shop said that our app was uninstalled; null: it didn't.</summary>
    public Instant? UninstalledAt { get; init; }

    /// <summary>What was posted since it was connected.</summary>
    public required StorefrontMessageCounts Messages { get; init; }

    /// <summary>When the newest message that was worked off had been received; null: none yet.</summary>
    public Instant? LastReceivedAt { get; init; }

    /// <summary>Why the last message that failed did, in words; null: none has.</summary>
    public string? LastFault { get; init; }

    /// <summary>When that was.</summary>
    public Instant? LastFaultAt { get; init; }

    /// <summary>When it was connected.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static StorefrontView Of(Storefront storefront, string publicUrl, Instant now) => new()
    {
        Id = storefront.StorefrontId,
        Kind = storefront.Kind,
        Name = storefront.Name,
        Domain = storefront.Domain,
        ListId = storefront.ListId,
        TimeZone = storefront.TimeZone,
        WebhookUrl = $"{publicUrl}/hooks/{storefront.Kind}/{storefront.StorefrontId}",
        FormerSecretUntil = storefront.FormerUntil > now ? storefront.FormerUntil : null,
        UninstalledAt = storefront.UninstalledAt,
        Messages = new StorefrontMessageCounts(
            storefront.Pending + storefront.Processed + storefront.Ignored + storefront.Failed, storefront.Pending, storefront.Processed, storefront.Ignored, storefront.Failed),
        LastReceivedAt = storefront.LastReceivedAt,
        LastFault = storefront.LastFault,
        LastFaultAt = storefront.LastFaultAt,
        CreatedAt = storefront.CreatedAt,
        UpdatedAt = storefront.UpdatedAt,
    };
}

/// <summary>Messages of a shop, each counted once however often it was sent.</summary>
/// <param name="Received">All, 0 or more; the sum of the others.</param>
/// <param name="Pending">Not worked off yet.</param>
/// <param name="Processed">Worked off.</param>
/// <param name="Ignored">Of a topic that says nothing of people, or overtaken by newer ones.</param>
/// <param name="Failed">Nothing came of them: <c>last_fault</c> says why of the last.</param>
public sealed record StorefrontMessageCounts(long Received, long Pending, long Processed, long Ignored, long Failed);
