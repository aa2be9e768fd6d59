using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Audience.Segments;

/// <summary>Reads what a condition compares with, as its field and op want it.</summary>
internal static class FilterValues
{
    private const int MostCharacters = 1_000;
    private const int MostValues = 1_000;
    private const int MostDays = 3_650;

    internal static object? Read(FilterField field, FilterOp op, JsonElement json, out string? problem) => op switch
    {
        FilterOp.Exists => Value(json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null, "It is true or false.", out problem),
        FilterOp.WithinDays => Value(json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var days) && days is >= 1 and <= MostDays ? days : null,
            $"It is a whole number of days, 1 to {MostDays:N0}.", out problem),
        FilterOp.In => Many(field, json, out problem),
        _ => One(field, op, json, out problem),
    };

    /// <summary>The text of a property; null where it is none.</summary>
    internal static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var property) ? Text(property) : null;

    /// <summary>A name from outside, cut to what can be shown.</summary>
    internal static string Shown(string text) => string.Concat(text.Take(100).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));

    private static object? One(FilterField field, FilterOp op, JsonElement json, out string? problem) => field.Kind switch
    {
        FieldKind.Text => Value(Text(json), TextProblem, out problem),
        FieldKind.Word => Value(Text(json) is { } word && field.Words.Contains(word) ? word : null, $"It is one of {string.Join(", ", field.Words)}.", out problem),
        FieldKind.Instant => Value(InstantOf(json), "It is an instant such as 2026-11-27T09:00:00Z, or a date such as 2026-11-27.", out problem),
        FieldKind.List or FieldKind.Event => Value(Id(json), $"It is the id of a {(field.Kind == FieldKind.List ? "list" : "campaign")}.", out problem),
        _ when op is FilterOp.Gt or FilterOp.Lt => Value(Number(json) ?? (object?)Date(json), "It is a number, or a date such as 2026-11-27.", out problem),
        _ when op is FilterOp.Contains or FilterOp.StartsWith => Value(Text(json), TextProblem, out problem),
        _ => Value(json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : Number(json) ?? (object?)Text(json), $"It is a number, true, false, or a text. {TextProblem}", out problem),
    };

    private static object? Many(FilterField field, JsonElement json, out string? problem)
    {
        problem = $"It is a list of 1 to {MostValues:N0} values.";
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is 0 or > MostValues)
            return null;
        List<object> values = [];
        foreach (var element in json.EnumerateArray())
        {
            if (One(field, FilterOp.Eq, element, out problem) is not { } value)
                return null;
            values.Add(value);
        }
        return values[0] switch
        {
            Guid => values.Cast<Guid>().ToArray(),
            _ when field.Kind == FieldKind.Attribute => values.ToArray(),
            _ => values.Cast<string>().ToArray(),
        };
    }

    private static object? Value(object? value, string otherwise, out string? problem)
    {
        problem = value is null ? otherwise : null;
        return value;
    }

    private static string TextProblem => $"A text has 1 to {MostCharacters:N0} characters and no NUL.";

    private static string? Text(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return json.GetString() is { Length: > 0 and <= MostCharacters } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static decimal? Number(JsonElement json) => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var number) && RecipientAttributes.HasFewPlaces(json.GetRawText()) ? number : null;

    private static Guid? Id(JsonElement json) => Guid.TryParseExact(Text(json), "D", out var id) ? id : null;

    private static LocalDate? Date(JsonElement json) =>
        Text(json) is { } text && LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date) && date.Year is >= 1 and <= 9999 ? date : null;

    // Within what every zone's and PostgreSQL's calendars know.
    private static Instant? InstantOf(JsonElement json) =>
        Date(json) is { Year: >= 1900 and <= 2200 } date ? date.AtMidnight().InUtc().ToInstant()
        : Text(json) is { } text && OffsetDateTimePattern.Rfc3339.Parse(text).TryGetValue(default, out var moment) && moment.Year is >= 1900 and <= 2200 ? moment.ToInstant()
        : null;
}
