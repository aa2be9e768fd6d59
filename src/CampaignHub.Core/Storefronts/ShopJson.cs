using System.Globalization;
using System.Text.Json;
using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Storefronts;

/// <summary>Reads what somebody else has written: whatever is missing, or of another type than it should be, is null.</summary>
internal static class ShopJson
{
    public static JsonElement? Object(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>A text, or a number or boolean as it is written; null for anything else, and for what no database holds.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? Text(value) : null;

    public static string? Text(JsonElement value)
    {
        try
        {
            var text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            };
            return RecipientFields.IsText(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json refuses half a surrogate pair or bytes that are no UTF-8: it has no Try form.
            return null;
        }
    }

    /// <summary>The shop's own number or GraphQL id of something, of which the number is the end; null for 0, a guest's.</summary>
    public static string? Id(this JsonElement parent, string name) => Text(parent, name) is { } text && text[(text.LastIndexOf('/') + 1)..] is var id
        && id.Length is > 0 and <= 40 && id.All(char.IsAsciiLetterOrDigit) && id != "0" ? id : null;

    public static bool IsTrue(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static EmailAddress? Email(string? text) => RecipientFields.Email(text, out var email) is null ? email : null;

    /// <summary>Why an address that is there can't be mailed.</summary>
    public static string? EmailFault(string? text) =>
        RecipientFields.Email(text, out _) is { Code: not RecipientCodes.Required } problem ? problem.Message : null;

    /// <summary>RFC 3339; WooCommerce's fields in <c>_gmt</c> are UTC without saying so.</summary>
    public static Instant? Instant(this JsonElement parent, string name, bool isUtc = false) => Text(parent, name) is { Length: > 10 } text
        && RecipientFields.ConsentAt(isUtc && !text.EndsWith('Z') ? text + "Z" : text, out var at) is null ? at : null;

    public static decimal? Money(this JsonElement parent, string name) =>
        decimal.TryParse(Text(parent, name), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount)
        && amount is >= 0 and <= ShopOrder.MostTotal ? decimal.Round(amount, 4) : null;

    /// <summary>Three capital letters, as ISO 4217 has them.</summary>
    public static string? Currency(this JsonElement parent, string name) =>
        Text(parent, name) is { Length: 3 } code && code.All(char.IsAsciiLetterUpper) ? code : null;

    /// <summary>An array of tags, or one text with commas; at most 250, as a shop allows, and without what isn't text.</summary>
    public static IReadOnlyList<string>? Tags(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Array => TagList.Of(value.EnumerateArray().Select(Text)),
            JsonValueKind.String => TagList.Of((Text(value) ?? "").Split(',')),
            _ => null,
        }
        : null;

    /// <summary>A person with a name and a place; what no rule takes is left out, since it isn't its owner's mistake.</summary>
    public static ShopPerson Person(string? firstName, string? lastName, string? phone, string? country, string? region, string? locale)
    {
        RecipientFields.Name("first_name", firstName, out var first);
        RecipientFields.Name("last_name", lastName, out var last);
        RecipientFields.Phone(phone, out var number);
        RecipientFields.Country(country, out var countryCode);
        string? regionCode = null;
        if (countryCode is not null)
            RecipientFields.Region(region, countryCode, out regionCode);
        RecipientFields.Locale(locale, out var language);
        return new ShopPerson { FirstName = first, LastName = last, Phone = number, Country = countryCode, Region = regionCode, Locale = language };
    }
}
