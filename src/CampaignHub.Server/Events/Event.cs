using NodaTime;

namespace CampaignHub.Server.Events;

/// <summary>One thing that happened, as a room appends it to the log. The words of <see cref="Type"/> are the contract's.</summary>
public sealed record Event(string Type, Instant At)
{
    public Guid? CampaignId { get; init; }

    public Guid? DeliveryId { get; init; }

    public Guid? RecipientId { get; init; }

    public string? Class { get; init; }

    public string? Reason { get; init; }

    public string? Url { get; init; }

    public int? LinkIndex { get; init; }

    public Guid? ImportId { get; init; }

    public Guid? RelayId { get; init; }

    /// <summary>The country that an open or click came from.</summary>
    public string? IpCountry { get; init; }

    /// <summary>When we learned of it; null: now, as it is appended.</summary>
    public Instant? ReceivedAt { get; init; }
}

/// <summary>The event types of the contract.</summary>
public static class EventTypes
{
    public const string Accepted = "delivery.accepted";
    public const string Deferred = "delivery.deferred";
    public const string Rejected = "delivery.rejected";
    public const string Bounced = "delivery.bounced";
    public const string Complained = "delivery.complained";
    public const string Opened = "delivery.opened";
    public const string Clicked = "delivery.clicked";
    public const string Unsubscribed = "delivery.unsubscribed";
    public const string Replied = "delivery.replied";
    public const string CampaignPlanned = "campaign.planned";
    public const string CampaignStarted = "campaign.started";
    public const string CampaignPaused = "campaign.paused";
    public const string CampaignResumed = "campaign.resumed";
    public const string CampaignCancelled = "campaign.cancelled";
    public const string CampaignFinished = "campaign.finished";
    public const string ComplaintRate = "campaign.complaint_rate";
    public const string ImportFinished = "import.finished";
    public const string RelayPaused = "relay.paused";
    public const string RecipientCreated = "recipient.created";
    public const string RecipientConsentChanged = "recipient.consent_changed";
    public const string RecipientDeleted = "recipient.deleted";

    /// <summary>Those of deliveries, in the order in which they can happen.</summary>
    public static IReadOnlyList<string> OfDeliveries { get; } = [Accepted, Deferred, Rejected, Bounced, Complained, Opened, Clicked, Unsubscribed, Replied];

    /// <summary>All of them, in the order in which they can happen.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        RecipientCreated, RecipientConsentChanged, ImportFinished, CampaignPlanned, CampaignStarted, .. OfDeliveries, RelayPaused, ComplaintRate,
        CampaignPaused, CampaignResumed, CampaignCancelled, CampaignFinished, RecipientDeleted,
    ];
}
