using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A person's address at a tenant, with what is known of them and whether they may be mailed.</summary>
public sealed record RecipientView
{
    /// <summary>The recipient's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>As it is mailed: the part before the @ as given, the domain in lower case and punycode.</summary>
    /// <example>ann@example.com</example>
    public string Email { get; init; } = "";

    /// <summary>First name, in any script.</summary>
    public string? FirstName { get; init; }

    /// <summary>Last name, in any script.</summary>
    public string? LastName { get; init; }

    /// <summary>A language tag (BCP 47).</summary>
    /// <example>pt-BR</example>
    public string? Locale { get; init; }

    /// <summary>ISO 3166-1, two letters.</summary>
    /// <example>BR</example>
    public string? Country { get; init; }

    /// <summary>ISO 3166-2, without the country.</summary>
    /// <example>SP</example>
    public string? Region { get; init; }

    /// <summary>Phone number, as it was given.</summary>
    public string? Phone { get; init; }

    /// <summary>IANA time zone, given or inferred; null: the campaign's or the tenant's fallback.</summary>
    /// <example>America/Sao_Paulo</example>
    public string? TimeZone { get; init; }

    /// <summary>Where the zone came from.</summary>
    [AllowedValues("given", "region", "phone", "country", "activity", "storefront", "country_guess", "fallback")]
    public string TimeZoneSource { get; init; } = "";

    /// <summary>How likely the zone is theirs, from 0 (the fallback) to 1 (given); computed for <c>activity</c>, one value for each other source.</summary>
    /// <example>0.95</example>
    public double TimeZoneConfidence { get; init; }

    /// <summary>Free attributes, which templates see as <c>recipient.attributes.…</c>.</summary>
    public JsonElement Attributes { get; init; }

    /// <summary>Whether their opens and clicks may be told as theirs.</summary>
    public bool Tracking { get; init; }

    /// <summary>How often they are mailed at most; null: as often as there is mail.</summary>
    [AllowedValues("daily", "weekly")]
    public string? MaxFrequency { get; init; }

    /// <summary>Which of <c>locale</c> and <c>time_zone</c> they have chosen themselves, on the page of their preferences: no import and no shop changes those; naming them in <c>POST</c> or <c>PATCH</c> does.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    /// <summary>Ids of the lists that they are on.</summary>
    public IReadOnlyList<Guid> Lists { get; init; } = [];

    /// <summary>Ids of the lists that they have left themselves: only their own word puts them back.</summary>
    public IReadOnlyList<Guid> ListsLeft { get; init; } = [];

    /// <summary>Whether they may be mailed.</summary>
    public ConsentView Consent { get; init; } = new();

    /// <summary>A suppression matches the address: nothing is mailed to it, whatever the consent.</summary>
    public bool Suppressed { get; init; }

    /// <summary>When they became known.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When they were last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static RecipientView Of(Recipient recipient) => new()
    {
        Id = recipient.RecipientId,
        Email = recipient.Email,
        FirstName = recipient.FirstName,
        LastName = recipient.LastName,
        Locale = recipient.Locale,
        Country = recipient.Country,
        Region = recipient.Region,
        Phone = recipient.Phone,
        TimeZone = recipient.TimeZone,
        TimeZoneSource = recipient.TimeZoneSource,
        TimeZoneConfidence = Math.Round(recipient.TimeZoneConfidence ?? ZoneConfidence.Of(WireWords.Parse<ZoneSource>(recipient.TimeZoneSource)!.Value), 2),
        Attributes = JsonElement.Parse(recipient.AttributesJson),
        Tracking = recipient.Tracking,
        MaxFrequency = recipient.MaxFrequency,
        Chosen = recipient.Chosen,
        Lists = recipient.Lists,
        ListsLeft = recipient.ListsLeft,
        Consent = new ConsentView { Status = recipient.ConsentStatus!, Source = recipient.ConsentSource, At = recipient.ConsentAt },
        Suppressed = recipient.Suppressed,
        CreatedAt = recipient.CreatedAt,
        UpdatedAt = recipient.UpdatedAt,
    };
}

/// <summary>Whether a person may be mailed, who said so, and when.</summary>
public sealed record ConsentView
{
    /// <summary>Only <c>granted</c> is mailed.</summary>
    [AllowedValues("granted", "pending", "withdrawn", "unknown")]
    public string Status { get; init; } = "";

    /// <summary>Who said so: <c>api</c>, an import's or a shop's name, <c>unsubscribe</c>.</summary>
    public string? Source { get; init; }

    /// <summary>When it was said; null where nobody knows.</summary>
    public Instant? At { get; init; }
}
