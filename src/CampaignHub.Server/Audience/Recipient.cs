using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A recipient as their row holds them. <see cref="RecipientView"/> is what callers see.</summary>
internal sealed record Recipient
{
    public Guid RecipientId { get; init; }
    public string Email { get; init; } = "";
    public string EmailKey { get; init; } = "";
    public string MailDomain { get; init; } = "";
    public byte[] AddressHash { get; init; } = [];
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Locale { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? Phone { get; init; }
    public string? TimeZone { get; init; }
    public string TimeZoneSource { get; init; } = ZoneSource.Fallback.Word();

    /// <summary>Of a learned zone alone.</summary>
    public float? TimeZoneConfidence { get; init; }

    /// <summary>The zone of the shop that they buy from: evidence for their own where nothing better is known.</summary>
    public string? ShopTimeZone { get; init; }

    public string AttributesJson { get; init; } = "{}";
    public bool Tracking { get; init; } = true;

    /// <summary>How often they want to be mailed at most; null: as often as there is mail.</summary>
    public string? MaxFrequency { get; init; }

    /// <summary>Fields that they have chosen themselves (<see cref="ChosenFields"/>).</summary>
    public string[] Chosen { get; init; } = [];

    /// <summary>Null only in a person who isn't stored yet: nobody has said anything.</summary>
    public string? ConsentStatus { get; init; }

    public string? ConsentSource { get; init; }
    public Instant? ConsentAt { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    /// <summary>Read with the row, never written: a suppression matches the address.</summary>
    public bool Suppressed { get; init; }

    /// <summary>Read with the row, never written: the lists that they are on.</summary>
    public Guid[] Lists { get; init; } = [];

    /// <summary>Read with the row, never written: the lists that they have left themselves.</summary>
    public Guid[] ListsLeft { get; init; } = [];

    public Consent? Consent => ConsentStatus is null ? null : new Consent(WireWords.Parse<ConsentStatus>(ConsentStatus)!.Value, ConsentSource, ConsentAt);

    public static Recipient New(Instant now) => new() { RecipientId = Guid.CreateVersion7(), CreatedAt = now };

    public Recipient WithAddress(EmailAddress address, KeyRing keyRing, Guid tenantId) => this with
    {
        Email = address.Address,
        EmailKey = address.Key,
        MailDomain = address.Domain,
        AddressHash = Core.Tenancy.AddressHash.Compute(keyRing.Derive(tenantId, KeyPurpose.Address, KeyRing.SecretBytes), address.Key),
    };

    public Recipient WithConsent(Consent consent) => this with
    {
        ConsentStatus = consent.Status.Word(),
        ConsentSource = consent.Source,
        ConsentAt = consent.At,
    };
}

/// <summary>Fields that a person may choose themselves: imports and shops leave them then.</summary>
internal static class ChosenFields
{
    public const string Locale = "locale";
    public const string TimeZone = "time_zone";
}
