using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>What a shop has asked for by law, and the proof of what was done. It holds nothing of the person but the shop's own number.</summary>
public sealed record PrivacyRequestView
{
    /// <summary>The request's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>The storefront that asked, also after it was disconnected.</summary>
    public Guid StorefrontId { get; init; }

    /// <summary>Its domain at the time.</summary>
    public string Domain { get; init; } = "";

    /// <summary><c>data_request</c>: a person asks what is stored; <c>customer_redact</c>, <c>shop_redact</c>: a person's or all of the shop's data must be erased.</summary>
    [AllowedValues("data_request", "customer_redact", "shop_redact")]
    public string Kind { get; init; } = "";

    /// <summary>The shop's number of the customer; null where it told none, and for a whole shop.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Who they are here: a recipient to export for a <c>data_request</c>; null where nobody is known, or any more.</summary>
    public Guid? RecipientId { get; init; }

    /// <summary>When the request came.</summary>
    public Instant ReceivedAt { get; init; }

    /// <summary>When the erasure was done; null: not yet, and always for a <c>data_request</c>, which you answer.</summary>
    public Instant? DoneAt { get; init; }

    /// <summary>What was erased; null where nothing has been yet.</summary>
    public PrivacyErased? Erased { get; init; }

    internal static PrivacyRequestView Of(PrivacyRequest request) => new()
    {
        Id = request.RequestId,
        StorefrontId = request.StorefrontId,
        Domain = request.Domain,
        Kind = request.Kind,
        CustomerId = request.PersonKeys.FirstOrDefault(key => key.StartsWith("c:", StringComparison.Ordinal))?[2..],
        RecipientId = request.Recipients.Length > 0 ? request.Recipients[0] : null,
        ReceivedAt = request.ReceivedAt,
        DoneAt = request.DoneAt,
        Erased = request.Erased is { } erased ? JsonSerializer.Deserialize<PrivacyErased>(erased, ApiJson.Options) : null,
    };
}

/// <summary>How much was erased.</summary>
/// <param name="Recipients">Recipients, with their places on lists and the addresses of their deliveries.</param>
/// <param name="Messages">Payloads that the shop had posted.</param>
/// <param name="Orders">Orders that are nobody's now; their sums stay in the reports.</param>
public sealed record PrivacyErased(long Recipients, long Messages, long Orders);
