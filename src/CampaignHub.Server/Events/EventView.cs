using System.Text.Json.Serialization;
using NodaTime;

namespace CampaignHub.Server.Events;

/// <summary>One thing that happened to a delivery, as the feed tells it.</summary>
public sealed record EventView
{
    /// <summary>The event's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>What happened.</summary>
    /// <example>delivery.clicked</example>
    public string Type { get; init; } = "";

    /// <summary>When it happened.</summary>
    public Instant At { get; init; }

    /// <summary>The campaign; null where it is of none.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The delivery; null where it is of none.</summary>
    public Guid? DeliveryId { get; init; }

    /// <summary>The recipient, also after they were deleted.</summary>
    public Guid? RecipientId { get; init; }

    /// <summary>The address that was mailed; null once the person was deleted.</summary>
    public string? Email { get; init; }

    /// <summary>Of an open or click: <c>human</c>, <c>machine</c>, <c>privacy_proxy</c> or <c>suspected</c>. Of a bounce: <c>hard</c> or <c>soft</c>. Of a rate of complaints: <c>alarm</c>, or <c>pause</c> where it stopped the campaign. Of an import: <c>finished</c> or <c>failed</c>. Of a recipient: what their consent is now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Class { get; init; }

    /// <summary>Why: the rule that gave an open, click or bounce its class; of a rate of complaints, what was counted; why a campaign or a relay was paused; the code with which an import failed; who said what a recipient's consent is. Class and reason of an open or click are those of when it is read: hits can be judged again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Of a click: where it led.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Of a click: the link's index in its campaign, from 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LinkIndex { get; init; }

    /// <summary>Of an open or click: the country that it came from, by the address of the request (ISO 3166-1 alpha-2), where the operator names a file of countries and the person is tracked. A proxy's is the proxy's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IpCountry { get; init; }

    /// <summary>Of <c>import.finished</c>: the import.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ImportId { get; init; }

    /// <summary>Of <c>relay.paused</c>: the relay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? RelayId { get; init; }

    /// <summary>Of a reply: seconds since the message's date, 0 or more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ResponseSeconds { get; init; }

    /// <summary>Its place in the tenant's log, from 1; what cursors are made of.</summary>
    [JsonIgnore]
    public long Sequence { get; init; }
}
