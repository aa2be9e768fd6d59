using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Scheduling;
using CampaignHub.Server.Storefronts;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>Everything that is held of a person.</summary>
public sealed record PersonExport
{
    /// <summary>When it was read.</summary>
    public Instant ExportedAt { get; init; }

    /// <summary>The person.</summary>
    public required RecipientView Recipient { get; init; }

    /// <summary>What their consent is and was, the newest first; at most 10,000.</summary>
    public IReadOnlyList<ConsentEntry> Consent { get; init; } = [];

    /// <summary>Suppressions that match their address.</summary>
    public IReadOnlyList<Suppression> Suppressions { get; init; } = [];

    /// <summary>What was mailed to them and why at that time, the newest first; at most 10,000.</summary>
    public IReadOnlyList<DeliveryView> Deliveries { get; init; } = [];

    /// <summary>What happened to it, the oldest first: what they opened, clicked, answered; at most 10,000.</summary>
    public IReadOnlyList<EventView> Events { get; init; } = [];

    /// <summary>What they ordered at connected shops, the newest first; at most 10,000.</summary>
    public IReadOnlyList<PersonOrder> Orders { get; init; } = [];
}

/// <summary>
/// Shows everything that is held of a person, as they may ask for it by law (GDPR, articles 15 and 20). Files that they were imported
/// from and messages of shops that wait to be worked off aren't among it; both go after 30 days at the latest.
/// </summary>
internal sealed class ExportRecipient(IClock clock) : ApiEndpoint<RecipientRequest, PersonExport>
{
    private const int Most = 10_000;

    public override void Configure()
    {
        Get("/v1/recipients/{id}/export");
        Access(Scope.AudienceRead);
        Tags("Audience");
        Summary(s => s.Summary = "Export all that is held of a recipient");
    }

    protected override async Task<Answer<PersonExport>> AnswerAsync(RecipientRequest request, TenantTransaction transaction)
    {
        if (await RecipientStore.FindAsync(transaction, request.Id) is not { } recipient)
            return Problems.NotFound("recipient");
        return new PersonExport
        {
            ExportedAt = clock.GetCurrentInstant(),
            Recipient = RecipientView.Of(recipient),
            Consent = await ConsentStore.HistoryAsync(transaction, request.Id, before: null, Most),
            Suppressions = await SuppressionStore.OfRecipientAsync(transaction, request.Id),
            Deliveries = await DeliveryViews.OfRecipientAsync(transaction, request.Id, Most),
            Events = await EventFeed.OfRecipientAsync(transaction, request.Id, after: 0, Most),
            Orders = await ShopOrderStore.OfRecipientAsync(transaction, request.Id, Most),
        };
    }
}
