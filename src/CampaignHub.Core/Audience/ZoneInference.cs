using System.Collections.Frozen;

namespace CampaignHub.Core.Audience;

/// <summary>Which zone a recipient most likely lives by: given → region → country → the country's most populous.</summary>
public static class ZoneInference
{
    private static readonly FrozenDictionary<(string Country, string? Region), InferredZone> ByPlace =
        ZoneFacts.Rows.ToFrozenDictionary(row => (row.Country, row.Region), row => new InferredZone(row.TimeZone, row.Source));

    /// <summary>
    /// The same facts as rows, so that SQL infers set-based: join on (country, region) first and on
    /// (country, null) where that finds nothing; neither: fallback. A given zone goes before all.
    /// </summary>
    public static IReadOnlyList<ZoneRow> Table => ZoneFacts.Rows;

    /// <summary>Infers from normalised values: a tzdb id, a code of <see cref="Countries"/>, one of <see cref="Regions"/>.</summary>
    public static InferredZone Infer(string? given, string? country, string? region)
    {
        if (given is not null)
            return new InferredZone(given, ZoneSource.Given);
        if (country is not null && (region is not null && ByPlace.TryGetValue((country, region), out var zone)
            || ByPlace.TryGetValue((country, null), out zone)))
            return zone;
        return new InferredZone(null, ZoneSource.Fallback);
    }
}
