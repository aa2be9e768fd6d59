using System.Text.Json;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Audience;

/// <summary>Fields of a recipient. An absent one is left as it was, null clears it.</summary>
public class RecipientChange
{
    /// <summary>The address; what comes before the @ is compared without case. At most 254 bytes.</summary>
    /// <example>ann@example.com</example>
    public Optional<string> Email { get; set; }

    /// <summary>First name, in any script: at most 200 characters.</summary>
    /// <example>Ann</example>
    public Optional<string> FirstName { get; set; }

    /// <summary>Last name, in any script: at most 200 characters.</summary>
    public Optional<string> LastName { get; set; }

    /// <summary>A language tag (BCP 47): at most 35 characters.</summary>
    /// <example>pt-BR</example>
    public Optional<string> Locale { get; set; }

    /// <summary>ISO 3166-1, two letters. Another country drops the region, unless one is given with it.</summary>
    /// <example>BR</example>
    public Optional<string> Country { get; set; }

    /// <summary>ISO 3166-2, with or without the country before it.</summary>
    /// <example>BR-SP</example>
    public Optional<string> Region { get; set; }

    /// <summary>
    /// Phone number, with calling code (E.164) or as it is dialled in the country: at most 40 characters. Where the country
    /// has several time zones, or isn't known, its area code tells the zone.
    /// </summary>
    /// <example>+1 312 555 0142</example>
    public Optional<string> Phone { get; set; }

    /// <summary>IANA time zone (Windows names and common abbreviations are mapped). Without one it is inferred from region, phone and country.</summary>
    /// <example>America/Sao_Paulo</example>
    public Optional<string> TimeZone { get; set; }

    /// <summary>
    /// Free attributes, one object of at most 64 KB and 16 levels. It replaces the one before as a whole: what isn't in it is gone.
    /// </summary>
    public Optional<JsonElement> Attributes { get; set; }

    /// <summary>
    /// Whether their opens and clicks may be told as theirs: <c>true</c> for a new person. With <c>false</c> their mail carries no
    /// picture and plain links, and hits on mail from before are counted without them; null says <c>true</c>.
    /// </summary>
    public Optional<bool?> Tracking { get; set; }

    /// <summary>
    /// How often they are mailed at most, over all campaigns: <c>daily</c> (one on a day of their own calendar) or <c>weekly</c> (one in seven
    /// such days); null: as often as there is mail. It holds beside any frequency cap.
    /// </summary>
    /// <example>weekly</example>
    public Optional<string> MaxFrequency { get; set; }

    /// <summary>Lists to put them on, at most 100, beside those that they are on; null takes them off all.</summary>
    public Optional<Guid[]> Lists { get; set; }

    /// <summary>
    /// What is said of consent; null says <c>unknown</c>. Without it a new person is <c>granted</c> by <c>api</c>, and a known
    /// one's consent stays. What follows is decided by the rules of consent: a withdrawal is lifted only by a newer granted.
    /// </summary>
    public Optional<ConsentChange> Consent { get; set; }
}

/// <summary>What is said of a person's consent.</summary>
public sealed class ConsentChange
{
    /// <summary><c>granted</c>, <c>pending</c>, <c>withdrawn</c> or <c>unknown</c>.</summary>
    /// <example>granted</example>
    public string? Status { get; set; }

    /// <summary>Who says so: at most 200 characters; <c>api</c> unless given.</summary>
    /// <example>checkout</example>
    public string? Source { get; set; }

    /// <summary>When it was said: an RFC 3339 instant or a date, not ahead of now; now unless given.</summary>
    /// <example>2026-03-01T09:30:00Z</example>
    public string? At { get; set; }
}
