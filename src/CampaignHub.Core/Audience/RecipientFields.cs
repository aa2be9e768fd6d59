using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Audience;

/// <summary>
/// The rule of each field of a recipient, once: for the API's JSON, NDJSON, CSV rows and webhooks. Each check
/// gives the normalised value and null, or null and the problem. Blank text is no value, except that an address must be there.
/// </summary>
public static partial class RecipientFields
{
    /// <summary>Most characters (UTF-16) of a first or last name.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Most characters of a phone number, extension and spaces included.</summary>
    public const int MaxPhoneLength = 40;

    /// <summary>Most characters of a locale (RFC 5646, 4.4.1).</summary>
    public const int MaxLocaleLength = 35;

    /// <summary>Most characters of what a consent's source is called.</summary>
    public const int MaxConsentSourceLength = 200;

    public static FieldError? Email(string? text, out EmailAddress? address)
    {
        if (EmailAddress.TryParse(text, out address, out var problem))
            return null;
        return new FieldError("email", string.IsNullOrWhiteSpace(text) ? RecipientCodes.Required : RecipientCodes.InvalidEmail, problem);
    }

    /// <param name="field"><c>first_name</c> or <c>last_name</c>.</param>
    /// <param name="text">Any script; line breaks and other controls inside become spaces.</param>
    /// <param name="name">Trimmed.</param>
    public static FieldError? Name(string field, string? text, out string? name) => Line(field, text, MaxNameLength, out name);

    /// <summary>A phone number as it is written; what it means is judged where it is used.</summary>
    public static FieldError? Phone(string? text, out string? phone) => Line("phone", text, MaxPhoneLength, out phone);

    public static FieldError? ConsentSource(string? text, out string? source) =>
        Line("consent.source", text, MaxConsentSourceLength, out source);

    /// <summary>A language tag by BCP 47's shape, in its usual case: <c>pt-BR</c>, <c>zh-Hant-TW</c>; <c>_</c> is read as a hyphen.</summary>
    public static FieldError? Locale(string? text, out string? locale)
    {
        locale = Blank(text)?.Replace('_', '-');
        if (locale is null || locale.Length <= MaxLocaleLength && LanguageTag().IsMatch(locale))
        {
            locale = locale is null ? null : UsualCase(locale);
            return null;
        }
        locale = null;
        return new FieldError("locale", RecipientCodes.InvalidLocale, "The locale must be a BCP 47 tag, such as pt-BR.");
    }

    public static FieldError? Country(string? text, out string? code)
    {
        code = Blank(text);
        return code is null || Countries.TryParse(code, out code, out var problem)
            ? null : new FieldError("country", RecipientCodes.UnknownCountry, problem);
    }

    /// <param name="text">With or without the country before it.</param>
    /// <param name="country">Normalised, or null where none is known.</param>
    /// <param name="code">Bare and upper case.</param>
    public static FieldError? Region(string? text, string? country, out string? code)
    {
        code = Blank(text);
        return code is null || Regions.TryParse(code, country, out code, out var problem)
            ? null : new FieldError("region", RecipientCodes.UnknownRegion, problem);
    }

    public static FieldError? TimeZone(string? text, out string? ianaId)
    {
        ianaId = Blank(text);
        return ianaId is null || TimeZones.TryParse(ianaId, out ianaId, out var problem)
            ? null : new FieldError("time_zone", RecipientCodes.UnknownTimeZone, problem);
    }

    /// <summary><c>daily</c> or <c>weekly</c>; none: as often as there is mail.</summary>
    public static FieldError? Frequency(string? word, out string? frequency)
    {
        frequency = Blank(word);
        if (frequency is null || WireWords.Parse<MaxFrequency>(frequency) is not null)
            return null;
        frequency = null;
        return new FieldError("max_frequency", "invalid", $"The frequency must be {string.Join(" or ", WireWords.All<MaxFrequency>())}, or null.");
    }

    /// <summary>One of the contract's four words, as the API takes it; layouts of files have their own words beside these.</summary>
    public static FieldError? Consent(string? word, out ConsentStatus? status)
    {
        status = word is null ? null : WireWords.Parse<ConsentStatus>(word);
        return word is null || status is not null ? null : new FieldError("consent.status", RecipientCodes.InvalidConsent,
            "The consent must be granted, pending, withdrawn or unknown.");
    }

    /// <summary>An RFC 3339 instant with any offset, to the second or finer, or a date, which is its beginning in UTC.</summary>
    public static FieldError? ConsentAt(string? text, out Instant? at)
    {
        at = null;
        if (Blank(text) is not { } written)
            return null;
        if (!HasHour24(written) && OffsetDateTimePattern.Rfc3339.Parse(written.Replace(' ', 'T')) is { Success: true } instant)
            at = instant.Value.ToInstant();
        else if (LocalDatePattern.Iso.Parse(written) is { Success: true } date)
            at = date.Value.AtMidnight().InUtc().ToInstant();
        return at is not null ? null : new FieldError("consent.at", RecipientCodes.InvalidInstant,
            "The instant must be RFC 3339, such as 2026-11-27T10:00:00Z.");
    }

    /// <summary>Text that a database and the wire can hold: no NUL and no half of a surrogate pair.</summary>
    public static bool IsText(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return !text.Contains('\0');
        for (; !text.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || rune.Value == 0)
                return false;
            text = text[length..];
        }
        return true;
    }

    private static FieldError? Line(string field, string? text, int max, out string? value)
    {
        value = null;
        if (Blank(text) is not { } line)
            return null;
        if (!IsText(line))
            return new FieldError(field, RecipientCodes.NotText, "The text holds a NUL or half a surrogate pair.");
        if (line.Length > max)
            return new FieldError(field, RecipientCodes.TooLong, $"The text is longer than {max} characters.");
        value = HasControls(line) ? ControlsToSpaces(line) : line;
        return null;
    }

    /// <summary>RFC 3339 has no hour 24, which the parser would take for the next midnight.</summary>
    private static bool HasHour24(string written) => written.Length > 13 && written.AsSpan(11, 2) is "24";

    private static bool HasControls(ReadOnlySpan<char> line) =>
        line.ContainsAnyInRange('\0', '\u001F') || line.ContainsAnyInRange('\u007F', '\u009F');

    private static string ControlsToSpaces(string line) => string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c));

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Region upper, script title case, all else lower (RFC 5646, 2.1.1); after a singleton nothing is a region.</summary>
    private static string UsualCase(string tag)
    {
        var parts = tag.ToLowerInvariant().Split('-');
        for (var i = 1; i < parts.Length && parts[i].Length > 1; i++)
            parts[i] = parts[i].Length switch
            {
                2 => parts[i].ToUpperInvariant(),
                4 when char.IsAsciiLetter(parts[i][0]) => char.ToUpperInvariant(parts[i][0]) + parts[i][1..],
                _ => parts[i],
            };
        return string.Join('-', parts);
    }

    /// <summary>Language, then script, region and variants; extensions and private use after a singleton.</summary>
    [GeneratedRegex(@"^[a-z]{2,8}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-[a-z0-9](-[a-z0-9]{2,8})+)*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LanguageTag();
}
