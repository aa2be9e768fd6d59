using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CampaignHub.Core.Audience;

/// <summary>The rules of a recipient's free attributes: one JSON object, at most 64 KB, storable as PostgreSQL's jsonb.</summary>
public static class RecipientAttributes
{
    /// <summary>Most bytes of the object's JSON in UTF-8, as it is sent.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Deepest nesting, the object itself being the first level: templates look no deeper, and every reader's own limit is beyond it.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most places of a number, before and behind the point: more than any double has. jsonb writes out each place, up to 16,383, and holds no more.</summary>
    private const int MostPlaces = 400;

    /// <summary>Checks an object that came as JSON; its strings and names must be text (<see cref="RecipientFields.IsText"/>).</summary>
    public static FieldError? Check(JsonElement attributes, out string? json)
    {
        json = null;
        if (attributes.ValueKind != JsonValueKind.Object)
            return Problem(RecipientCodes.InvalidAttributes, "The attributes must be a JSON object.");
        if (DepthOf(attributes) > MaxDepth)
            return Problem(RecipientCodes.InvalidAttributes, $"The attributes are nested more than {MaxDepth} levels deep.");
        if (!IsStorable(attributes))
            return Problem(RecipientCodes.NotText, "The attributes hold a NUL, half a surrogate pair or a number beyond a double.");
        var raw = attributes.GetRawText();
        if (Encoding.UTF8.GetByteCount(raw) > MaxBytes)
            return TooLarge();
        json = raw;
        return null;
    }

    internal static FieldError TooLarge() => Problem(RecipientCodes.TooLong, $"The attributes are larger than {MaxBytes} bytes.");

    private static FieldError Problem(string code, string message) => new("attributes", code, message);

    /// <summary>Depth is bounded by the parser that made the element (64 by default).</summary>
    private static bool IsStorable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => IsText(member) && IsStorable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsStorable),
        JsonValueKind.String => TryText(element.GetString),
        JsonValueKind.Number => element.TryGetDouble(out var number) && double.IsFinite(number) && HasFewPlaces(element.GetRawText()),
        _ => true,
    };

    /// <summary>Whether jsonb holds the number, and in little room.</summary>
    internal static bool HasFewPlaces(string number) => number.Length <= MostPlaces
        && (number.AsSpan().IndexOfAny('e', 'E') is var e && e < 0
            || int.TryParse(number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && exponent is >= -MostPlaces and <= MostPlaces);

    private static int DepthOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => 1 + element.EnumerateObject().Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + element.EnumerateArray().Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static bool IsText(JsonProperty member) => TryText(() => member.Name);

    private static bool TryText(Func<string?> read)
    {
        try
        {
            return RecipientFields.IsText(read());
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json refuses an escape that is half a surrogate pair (\ud800): it has no Try form.
            return false;
        }
    }
}
