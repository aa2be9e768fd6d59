using Microsoft.Net.Http.Headers;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>The formats in which files come.</summary>
internal enum ImportFormat
{
    Csv,
    Ndjson,
}

/// <summary>Media types → formats.</summary>
internal static class ImportFormats
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    /// <summary>Null for any other media type, and for another charset than UTF-8.</summary>
    public static ImportFormat? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return null;
        if (type.Charset is { HasValue: true, Value: var charset } && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return null;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            Csv => ImportFormat.Csv,
            Ndjson => ImportFormat.Ndjson,
            _ => null,
        };
    }
}
