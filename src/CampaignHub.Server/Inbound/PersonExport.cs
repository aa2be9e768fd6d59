using CampaignHub.Server.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Forms;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling;
using CampaignHub.Server.Scheduling.BestHours;
using CampaignHub.Server.Storefronts;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>Everything that is held of a person, each part read while it is written: no more of it is held than a few rows.</summary>
public sealed record PersonExport
{
    /// <summary>When it was read.</summary>
    public Instant ExportedAt { get; init; }

    /// <summary>The person.</summary>
    public required RecipientView Recipient { get; init; }

    /// <summary>The lists that they are on, or have left.</summary>
    public required IAsyncEnumerable<PersonList> Lists { get; init; }

    /// <summary>What their consent is and was, the newest first.</summary>
    public required IAsyncEnumerable<ConsentEntry> Consent { get; init; }

    /// <summary>What they asked for by forms, the newest first; each goes 30 days after its link expired.</summary>
    public required IAsyncEnumerable<PersonConfirmation> Confirmations { get; init; }

    /// <summary>Suppressions that match their address.</summary>
    public required IReadOnlyList<Suppression> Suppressions { get; init; }

    /// <summary>What was mailed to them and why at that time, the newest first.</summary>
    public required IAsyncEnumerable<DeliveryView> Deliveries { get; init; }

    /// <summary>What happened to them and to it, the oldest first: when they were made, what they opened, clicked, answered.</summary>
    public required IAsyncEnumerable<EventView> Events { get; init; }

    /// <summary>Requests for its pictures and links, the oldest first, those of programs too.</summary>
    public required IAsyncEnumerable<PersonHit> Hits { get; init; }

    /// <summary>What mail servers and providers said of it, the oldest first.</summary>
    public required IAsyncEnumerable<InboundReportView> InboundReports { get; init; }

    /// <summary>When they read, as far as their best hour is learned from it; at most 40, the oldest first.</summary>
    public required IReadOnlyList<PersonReading> Readings { get; init; }

    /// <summary>As whom connected shops know them.</summary>
    public required IAsyncEnumerable<PersonStorefront> Storefronts { get; init; }

    /// <summary>What these posted about them, as it came, the oldest first; each goes after 30 days.</summary>
    public required IAsyncEnumerable<PersonPost> StorefrontMessages { get; init; }

    /// <summary>What they ordered at connected shops, the newest first.</summary>
    public required IAsyncEnumerable<PersonOrder> Orders { get; init; }

    /// <summary>The parts in the order of their properties, in which they are written: one is read to its end before the next begins.</summary>
    internal static async Task<PersonExport> OfAsync(TenantTransaction transaction, Recipient recipient, Instant now)
    {
        var id = recipient.RecipientId;
        return new PersonExport
        {
            ExportedAt = now,
            Recipient = RecipientView.Of(recipient),
            Lists = ListStore.OfRecipientAsync(transaction, id),
            Consent = ConsentStore.OfRecipientAsync(transaction, id),
            Confirmations = ConfirmationStore.OfRecipientAsync(transaction, id),
            Suppressions = await SuppressionStore.OfRecipientAsync(transaction, id),
            Deliveries = DeliveryViews.OfRecipientAsync(transaction, id),
            Events = EventFeed.OfRecipientAsync(transaction, id),
            Hits = HitStore.OfRecipientAsync(transaction, id),
            InboundReports = InboundReportStore.OfRecipientAsync(transaction, id),
            Readings = await ReadingHabitStore.OfRecipientAsync(transaction, id),
            Storefronts = ShopCustomerStore.OfRecipientAsync(transaction, id),
            StorefrontMessages = ShopMessageStore.OfRecipientAsync(transaction, id),
            Orders = ShopOrderStore.OfRecipientAsync(transaction, id),
        };
    }
}
