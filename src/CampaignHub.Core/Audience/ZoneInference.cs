using System.Collections.Frozen;

namespace CampaignHub.Core.Audience;

/// <summary>Which zone a recipient most likely lives by: given → region → phone → country → their shop's own → the country's most populous.</summary>
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
    /// <param name="given">Stated by the recipient or the tenant.</param>
    /// <param name="country">Where they live.</param>
    /// <param name="region">Where in it.</param>
    /// <param name="phone">Their phone number.</param>
    /// <param name="shopZone">The zone of the shop that they buy from: counts as <see cref="OfShop"/> says.</param>
    public static InferredZone Infer(string? given, string? country, string? region, string? phone = null, string? shopZone = null)
    {
        if (given is not null)
            return new InferredZone(given, ZoneSource.Given);
        if (country is not null && region is not null && ByPlace.TryGetValue((country, region), out var zone))
            return zone;
        if (OfPhone(phone, country) is { } place)
            return new InferredZone(place.TimeZone, ZoneSource.Phone);
        return OfShop(shopZone, country) is { } shop ? new InferredZone(shop, ZoneSource.Storefront) : OfCountry(country);
    }

    /// <summary>The shop's zone, where nothing better than a guess is known and it doesn't contradict the person's country; null otherwise.</summary>
    public static string? OfShop(string? shopZone, string? country) =>
        shopZone is not null && IsOpen(country) && (country is null || ZonesOf(country).Contains(shopZone)) ? shopZone : null;

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
