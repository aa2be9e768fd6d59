using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>A tenant's endpoint that is called with events.</summary>
public record WebhookView
{
    /// <summary>The webhook's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>Where it is called.</summary>
    public string Url { get; init; } = "";

    /// <summary>The types of the events that it is called with; empty: all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>How many events one call may carry: 1, where each is a call of its own, to 100.</summary>
    public int MaxBatch { get; init; }

    /// <summary>Nothing is sent while it is false; what happens meanwhile is sent once it is true again.</summary>
    public bool Enabled { get; init; }

    /// <summary>Why the service disabled it; null where it didn't.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Since when every call has failed; null where the last one was taken.</summary>
    public Instant? FailingSince { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    internal static WebhookView Of(Webhook webhook) => new()
    {
        Id = webhook.WebhookId,
        Url = webhook.Url,
        Events = webhook.Events,
        MaxBatch = webhook.MaxBatch,
        Enabled = webhook.Enabled,
        DisabledReason = webhook.DisabledReason,
        FailingSince = webhook.FailingSince,
        CreatedAt = webhook.CreatedAt,
    };
}

/// <summary>A webhook with its secret, which is shown this once.</summary>
public sealed record WebhookWithSecret : WebhookView
{
    /// <summary>What calls are signed with: <c>whsec_</c> and Base64. Keep it: it is not shown again.</summary>
    public string Secret { get; init; } = "";

    private WebhookWithSecret(WebhookView view)
        : base(view)
    {
    }

    internal static WebhookWithSecret Of(Webhook webhook, string secret) => new(WebhookView.Of(webhook)) { Secret = secret };
}

/// <summary>A webhook as its row holds it.</summary>
internal sealed record Webhook
{
    public Guid WebhookId { get; init; }
    public string Url { get; init; } = "";
    public string[] Events { get; init; } = [];
    public int MaxBatch { get; init; } = 1;
    public byte[] SecretEncrypted { get; init; } = [];
    public byte[]? FormerSecretEncrypted { get; init; }
    public Instant? FormerUntil { get; init; }
    public bool Enabled { get; init; }
    public string? DisabledReason { get; init; }
    public long FedThrough { get; init; }
    public Instant? FailingSince { get; init; }
    public Instant CreatedAt { get; init; }

    public bool Wants(string type) => Events.Length == 0 || Events.Contains(type);
}
