using System.ComponentModel.DataAnnotations;
using CampaignHub.Core;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Server.Platform;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>A provider that posts what happened to the tenant's mail. Its secret is written, never read back.</summary>
public sealed record ProviderFeedView
{
    /// <summary>The feed's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>The provider: <c>ses</c>, <c>mailgun</c>, <c>postmark</c>, <c>sendgrid</c> or <c>brevo</c>.</summary>
    [AllowedValues("ses", "mailgun", "postmark", "sendgrid", "brevo")]
    public string Kind { get; init; } = "";

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Give this to the provider. Where the secret is a password (Postmark, Brevo), it is given beside it.</summary>
    /// <example>https://mail.shop.example/hooks/mailgun/0190a0a0-0000-7000-8000-000000000000</example>
    public string WebhookUrl { get; init; } = "";

    /// <summary>SES: the SNS topic that posts; null for the others.</summary>
    public string? TopicArn { get; init; }

    /// <summary>SES: since when SNS knows that the topic may post; null: not yet, or another provider.</summary>
    public Instant? ConfirmedAt { get; init; }

    /// <summary>SES: why the subscription couldn't be confirmed the last time; null: it could, or nobody has asked.</summary>
    public string? Problem { get; init; }

    /// <summary>Until when the secret before this one counts too; null: none does.</summary>
    public Instant? FormerSecretUntil { get; init; }

    /// <summary>When something was last posted and taken, true to the minute; null: never.</summary>
    public Instant? ReceivedAt { get; init; }

    /// <summary>Events about your deliveries, 0 or more.</summary>
    public long Matched { get; init; }

    /// <summary>Events about none of your deliveries, 0 or more; the last 30 days' are at <c>…/unmatched</c>.</summary>
    public long Unmatched { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static ProviderFeedView Of(ProviderFeed feed, PublicUrl publicUrl, Instant now) => new()
    {
        Id = feed.FeedId,
        Kind = feed.Kind,
        Name = feed.Name,
        WebhookUrl = $"{publicUrl.Value}/hooks/{feed.Kind}/{feed.FeedId}",
        TopicArn = feed.TopicArn,
        ConfirmedAt = feed.ConfirmedAt,
        Problem = feed.Problem,
        FormerSecretUntil = feed.FormerUntil > now ? feed.FormerUntil : null,
        ReceivedAt = feed.ReceivedAt,
        Matched = feed.Matched,
        Unmatched = feed.Unmatched,
        CreatedAt = feed.CreatedAt,
        UpdatedAt = feed.UpdatedAt,
    };
}

/// <summary>A feed as its row holds it. <see cref="ProviderFeedView"/> is what callers see.</summary>
internal sealed record ProviderFeed
{
    public Guid FeedId { get; init; }
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";
    public string? TopicArn { get; init; }
    public byte[]? SecretEncrypted { get; init; }
    public byte[]? FormerSecretEncrypted { get; init; }
    public Instant? FormerUntil { get; init; }
    public long Matched { get; init; }
    public long Unmatched { get; init; }
    public Instant? ReceivedAt { get; init; }
    public string? ConfirmUrl { get; init; }
    public Instant? ConfirmedAt { get; init; }
    public string? Problem { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    public ProviderKind Provider => WireWords.Parse<ProviderKind>(Kind)!.Value;
}
