using CampaignHub.Core.Audience;
using Microsoft.Net.Http.Headers;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>The formats in which files come.</summary>
internal enum ImportFormat
{
    Csv,
    Ndjson,
}

/// <summary>What the sender of a file says of it.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Charset">Its charset; null where nothing is said of it.</param>
internal readonly record struct DeclaredType(ImportFormat Format, FileCharset? Charset);

/// <summary>Media types → formats.</summary>
internal static class ImportFormats
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    /// <summary>What is taken, for an answer that refuses.</summary>
    public const string Taken = $"{Csv}, its charset {FileCharsets.Names}, or {Ndjson}, in utf-8";

    /// <summary>Null for any other media type or charset. JSON is UTF-8 alone (RFC 8259, 8.1).</summary>
    public static DeclaredType? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return null;
        FileCharset? charset = null;
        if (type.Charset is { HasValue: true, Value: var name } && (charset = FileCharsets.Parse(name.Trim('"'))) is null)
            return null;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            Csv => new DeclaredType(ImportFormat.Csv, charset),
            Ndjson when charset is null or FileCharset.Utf8 => new DeclaredType(ImportFormat.Ndjson, charset),
            _ => null,
        };
    }
}
