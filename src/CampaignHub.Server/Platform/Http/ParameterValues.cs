using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Platform.Http;

/// <summary>Route and query values as their types; a wrong one is a 400 that names the parameter, a wrong id in a path a 404.</summary>
internal static class ParameterValues
{
    public static object Parse(string name, string text, Type type)
    {
        if (text.Contains('\0'))
            throw Bad(name, "must not contain NUL.");
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return text;
        if (type == typeof(Guid))
            return Guid.TryParseExact(text, "D", out var id) ? id : throw Bad(name, "is no UUID.");
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(name, "is no whole number.");
        if (type == typeof(bool))
            return text switch { "true" => true, "false" => false, _ => throw Bad(name, "is neither true nor false.") };
        if (type == typeof(Instant))
            return InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var at } ? at : throw Bad(name, "is no RFC 3339 instant in UTC.");
        if (type == typeof(LocalDate))
            return LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date : throw Bad(name, "is no date (yyyy-MM-dd).");
        throw new InvalidOperationException($"No query parameter can be a {type.Name}.");
    }

    private static ProblemException Bad(string name, string message) =>
        new(Problems.Malformed(name, "wrong_type", $"{name} {message}"));
}
