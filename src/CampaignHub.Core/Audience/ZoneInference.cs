using System.Collections.Frozen;

namespace CampaignHub.Core.Audience;

/// <summary>Which zone a recipient most likely lives by: given → region → phone → country → the country's most populous.</summary>
public static class ZoneInference
{
    private static readonly FrozenDictionary<(string Country, string? Region), InferredZone> ByPlace =
        ZoneFacts.Rows.ToFrozenDictionary(row => (row.Country, row.Region), row => new InferredZone(row.TimeZone, row.Source));

    private static readonly FrozenDictionary<string, string[]> Several = ZoneFacts.Rows
        .Where(row => row.Source is ZoneSource.Region or ZoneSource.CountryGuess)
        .GroupBy(row => row.Country)
        .ToFrozenDictionary(g => g.Key, g => g.OrderBy(row => row.Source == ZoneSource.Region).Select(row => row.TimeZone).Distinct().ToArray());

    /// <summary>
    /// The facts of places as rows, so that SQL infers set-based: join on (country, region) first and on
    /// (country, null) where that finds nothing; neither: fallback. A given zone goes before all, and a phone's
    /// (<see cref="OfPhone"/>) between region and country.
    /// </summary>
    public static IReadOnlyList<ZoneRow> Table => ZoneFacts.Rows;

    /// <summary>
    /// Infers from normalised values: a tzdb id, a code of <see cref="Countries"/>, one of <see cref="Regions"/>, and a
    /// phone number as it is written.
    /// </summary>
    public static InferredZone Infer(string? given, string? country, string? region, string? phone = null)
    {
        if (given is not null)
            return new InferredZone(given, ZoneSource.Given);
        if (country is not null && region is not null && ByPlace.TryGetValue((country, region), out var zone))
            return zone;
        return OfPhone(phone, country) is { } place ? new InferredZone(place.TimeZone, ZoneSource.Phone) : OfCountry(country);
    }

    /// <summary>The zones of a country with several, the most populous first; none of one with a single time, and of null.</summary>
    public static IReadOnlyList<string> ZonesOf(string? country) => country is not null && Several.TryGetValue(country, out var zones) ? zones : [];

    /// <summary>Phone and activity are asked where the country keeps several times, or isn't known.</summary>
    public static bool IsOpen(string? country) => OfCountry(country).Source != ZoneSource.Country;

    /// <summary>What the phone says, where it is asked; a number of another country than the person's says nothing.</summary>
    public static PhonePlace? OfPhone(string? phone, string? country) =>
        IsOpen(country) && PhoneZones.Read(phone, country) is { } place && (country is null || place.Country == country) ? place : null;

    private static InferredZone OfCountry(string? country) => country is not null && ByPlace.TryGetValue((country, null), out var zone)
        ? zone : new InferredZone(null, ZoneSource.Fallback);
}
