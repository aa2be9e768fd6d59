using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>A request for a picture or link in a mail that was sent to a person, whoever made it.</summary>
public sealed record PersonHit
{
    /// <summary>The hit's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>When it came.</summary>
    public Instant ReceivedAt { get; init; }

    /// <summary><c>open</c> or <c>click</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The campaign.</summary>
    public Guid CampaignId { get; init; }

    /// <summary>The delivery.</summary>
    public Guid DeliveryId { get; init; }

    /// <summary>Of a click: where it led.</summary>
    public string? Url { get; init; }

    /// <summary>The program that asked, in its own words; null where it said nothing.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The country of the address that it came from, ISO 3166-1, where the operator has that looked up; the address isn't stored.</summary>
    public string? IpCountry { get; init; }

    /// <summary>It came from a network of data centres.</summary>
    public bool FromDataCentre { get; init; }

    /// <summary><c>human</c>, <c>machine</c>, <c>privacy_proxy</c> or <c>suspected</c>; null: it isn't judged yet.</summary>
    public string? Class { get; init; }

    /// <summary>The rule that decided.</summary>
    public string? Reason { get; init; }
}
