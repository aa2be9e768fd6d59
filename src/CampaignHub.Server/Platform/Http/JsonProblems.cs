using System.Text.Json;
using System.Text.RegularExpressions;

namespace CampaignHub.Server.Platform.Http;

/// <summary>Turns the reader's faults into problems that name the field by its path.</summary>
internal static partial class JsonProblems
{
    public static Problem Of(JsonException fault)
    {
        var path = (fault.Path ?? "$").TrimStart('$').TrimStart('.');
        if (UnmappedProperty().Match(fault.Message) is { Success: true } unmapped)
            return OfUnknownField(path, unmapped.Groups["name"].Value);
        if (fault.InnerException is null && path.Length == 0 || fault.InnerException?.GetType().Name == "JsonReaderException")
            return Problems.Malformed($"The body is no valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).");
        return Problems.Malformed(path, "wrong_type", $"{path} has the wrong type or can't be read.");
    }

    private static Problem OfUnknownField(string path, string name)
    {
        // The path ends with the field itself in some versions of the reader, and at its parent in others.
        var parent = path == name ? "" : path.EndsWith("." + name, StringComparison.Ordinal) ? path[..^(name.Length + 1)] : path;
        var field = parent.Length == 0 ? name : $"{parent}.{name}";
        return Problems.Malformed(field, "unknown_field", $"There is no field {field} here.");
    }

    [GeneratedRegex("The JSON property '(?<name>[^']*)' could not be mapped")]
    private static partial Regex UnmappedProperty();
}
