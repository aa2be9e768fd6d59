using System.Text.Json;
using NodaTime;

namespace CampaignHub.Core.Audience;

/// <summary>Reads one object of NDJSON field by field; the first fault ends it.</summary>
internal sealed class JsonRowReader(JsonElement row)
{
    private readonly Dictionary<string, string?> _texts = [];
    private readonly List<string> _cleared = [];
    private string _attributes = "{}";
    private ConsentStatement _consent = ConsentStatement.Silent;
    private string? _consentSource;
    private Instant? _consentAt;

    public ImportRow Read()
    {
        foreach (var member in row.EnumerateObject())
            if (Take(member) is { } fault)
                return Error(fault, member.Value);
        if (RecipientFields.Email(_texts.GetValueOrDefault("email"), out var email) is { } noEmail)
            return Error(noEmail, "email");
        if (RecipientFields.Name("first_name", Text("first_name"), out var firstName) is { } badFirst)
            return Error(badFirst, "first_name");
        if (RecipientFields.Name("last_name", Text("last_name"), out var lastName) is { } badLast)
            return Error(badLast, "last_name");
        if (RecipientFields.Phone(Text("phone"), out var phone) is { } badPhone)
            return Error(badPhone, "phone");
        return WithPlace(new RecipientRow { Email = email!, FirstName = firstName, LastName = lastName, Phone = phone, Attributes = _attributes });
    }

    private ImportRow WithPlace(RecipientRow recipient)
    {
        if (RecipientFields.Locale(Text("locale"), out var locale) is { } badLocale)
            return Error(badLocale, "locale");
        if (RecipientFields.Country(Text("country"), out var country) is { } badCountry)
            return Error(badCountry, "country");
        if (RecipientFields.Region(Text("region"), country, out var region) is { } badRegion)
            return Error(badRegion, "region");
        if (RecipientFields.TimeZone(Text("time_zone"), out var timeZone) is { } badZone)
            return Error(badZone, "time_zone");
        var complete = recipient with
        {
            Locale = locale,
            Country = country,
            Region = region,
            TimeZone = timeZone,
            Cleared = _cleared,
            Consent = _consent,
            ConsentSource = _consentSource,
            ConsentAt = _consentAt,
        };
        return complete;
    }

    private FieldError? Take(JsonProperty member) => member.Name switch
    {
        "attributes" => RecipientAttributes.Check(member.Value, out _attributes!),
        "consent" when member.Value.ValueKind == JsonValueKind.Object => TakeConsent(member.Value),
        "consent" => new FieldError("consent", RecipientCodes.WrongType, "consent must be an object {status, source, at}."),
        "email" => TakeText(member.Name, member.Value),
        var name when JsonRow.IsTextField(name) => TakeText(name, member.Value),
        var name => Unknown(name),
    };

    private FieldError? TakeText(string name, JsonElement value)
    {
        if (Text(name, value, out var text) is { } fault)
            return fault;
        _texts[name] = text;
        if (text is null && name != "email")
            _cleared.Add(name);
        return null;
    }

    private FieldError? TakeConsent(JsonElement consent)
    {
        foreach (var member in consent.EnumerateObject())
        {
            if (member.Name is not ("status" or "source" or "at"))
                return Unknown($"consent.{member.Name}");
            if (Text($"consent.{member.Name}", member.Value, out var text) is { } fault)
                return fault;
            if (TakeConsent(member.Name, text) is { } invalid)
                return invalid;
        }
        return null;
    }

    private FieldError? TakeConsent(string member, string? text)
    {
        if (member == "source")
            return RecipientFields.ConsentSource(text, out _consentSource);
        if (member == "at")
            return RecipientFields.ConsentAt(text, out _consentAt);
        var fault = RecipientFields.Consent(text, out var status);
        _consent = status?.AsStatement() ?? ConsentStatement.Silent;
        return fault;
    }

    private string? Text(string name) => _texts.GetValueOrDefault(name);

    private static FieldError? Text(string name, JsonElement value, out string? text)
    {
        text = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return new FieldError(name, RecipientCodes.WrongType, $"{name} must be a string.");
        try
        {
            text = value.GetString();
            return null;
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json refuses half a surrogate pair or bytes that are no UTF-8: it has no Try form.
            return new FieldError(name, RecipientCodes.NotText, "The text holds half a surrogate pair, or bytes that are no UTF-8.");
        }
    }

    private static FieldError Unknown(string name) =>
        new(name.Length <= 100 ? name : name[..100], RecipientCodes.UnknownField, "A recipient has no such field.");

    private RowError Error(FieldError fault, string field) =>
        row.TryGetProperty(field, out var value) ? Error(fault, value) : RowError.From(fault, "");

    private static RowError Error(FieldError fault, JsonElement value) => RowError.From(fault, value.GetRawText());
}
