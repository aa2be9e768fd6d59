using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>A delivery under a lease, with what its message is made from.</summary>
internal sealed record ClaimedDelivery
{
    public Guid DeliveryId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid RecipientId { get; init; }

    /// <summary>Its place in the plan, whose quiet hours hold to the last moment.</summary>
    public int ZoneNumber { get; init; }

    /// <summary>The IANA zone that it was planned in.</summary>
    public string PlannedZone { get; init; } = "";

    /// <summary>The country whose holidays count for it.</summary>
    public string? HolidayCountry { get; init; }

    /// <summary>The country in all of whose zones it must be allowed, since its own is only guessed.</summary>
    public string? UnsureCountry { get; init; }

    public string? Email { get; init; }
    public string MailDomain { get; init; } = "";
    public int Attempts { get; init; }
    public int Resends { get; init; }

    /// <summary>The relay of the last attempt.</summary>
    public Guid? RelayId { get; init; }

    public Instant? FirstAttemptAt { get; init; }
    public Instant? SentAt { get; init; }
    public byte[]? MessageHash { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Locale { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? Phone { get; init; }
    public string? TimeZone { get; init; }

    /// <summary>Null once the person was deleted.</summary>
    public string? Attributes { get; init; }

    /// <summary>False: their mail carries no picture and plain links.</summary>
    public bool Tracking { get; init; } = true;

    /// <summary>How often the person wants to be mailed at most; null: as often as there is mail.</summary>
    public string? MaxFrequency { get; init; }

    /// <summary>An earlier attempt ended uncertain: it may only end accepted or held from here on.</summary>
    public bool OnceUncertain => Resends > 0;
}
