using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>What a provider said of a message that is no delivery of the tenant's. It holds no address.</summary>
public sealed record UnmatchedEventView
{
    /// <summary>The event's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>When it came.</summary>
    public Instant ReceivedAt { get; init; }

    /// <summary>What it means, by the same words as <c>GET /v1/deliveries/{id}/inbound-reports</c>; <c>suppressed</c>: by you, at the provider, of an address that is no recipient's.</summary>
    public string Class { get; init; } = "";

    /// <summary>The rule that decided.</summary>
    /// <example>unknown_user</example>
    public string Rule { get; init; } = "";

    /// <summary>False where the provider still tries.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The enhanced status code (RFC 3463); null where there is none.</summary>
    public string? Code { get; init; }

    /// <summary>What the other side said: one line without names before an @, at most 512 characters; null where it said nothing.</summary>
    public string? Diagnostic { get; init; }

    /// <summary>The domain of the address that it is about; null where it names none.</summary>
    /// <example>mail.example</example>
    public string? MailDomain { get; init; }

    /// <summary>The provider's id of the message, by which its console finds it; null where it names none.</summary>
    public string? ProviderMessageId { get; init; }
}

/// <summary>A provider feed, and a page of what is unmatched of it.</summary>
public sealed class ListUnmatchedEventsRequest : PageRequest
{
    /// <summary>The feed's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Lists what a provider said of messages that are no delivery of the tenant's, oldest first: what others sent through the same account, mostly. It is kept for 30 days.</summary>
internal sealed class ListUnmatchedEvents(Cursors cursors) : ApiEndpoint<ListUnmatchedEventsRequest, Page<UnmatchedEventView>>
{
    public override void Configure()
    {
        Get("/v1/provider-feeds/{id}/unmatched");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List what a provider said of unknown messages");
    }

    protected override async Task<Answer<Page<UnmatchedEventView>>> AnswerAsync(ListUnmatchedEventsRequest request, TenantTransaction transaction)
    {
        if (await ProviderFeedStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("provider feed");
        var list = $"unmatched {request.Id}";
        var (limit, after) = cursors.Read(request, transaction.TenantId, list);
        var events = await ProviderEventStore.UnmatchedAsync(transaction, request.Id, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(events, limit, transaction.TenantId, list, e => e.Id.ToString());
    }
}
