using System.Collections.Frozen;
using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Relays;

/// <summary>How near a relay is to a recipient; the nearer comes first.</summary>
public enum RelayNearness
{
    /// <summary>Its region holds the recipient's country.</summary>
    SameRegion,

    /// <summary>Its region is of the same area as the one that holds the country: <c>ap-southeast</c> for Japan, which is in <c>ap-northeast</c>.</summary>
    SameArea,

    /// <summary>Elsewhere, or one of both is not known.</summary>
    Elsewhere,
}

/// <summary>
/// Which region holds which countries: a country is in one region, or in none. A region's area is its name up to the
/// first hyphen, so that a tenant's own names say what is near to what.
/// </summary>
public sealed partial class RelayRegions
{
    private readonly FrozenDictionary<string, string> _regionOf;

    private RelayRegions(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> countries)
    {
        Countries = new SortedDictionary<string, IReadOnlyList<string>>(countries.ToDictionary(), StringComparer.Ordinal);
        _regionOf = Countries.SelectMany(region => region.Value.Select(country => (country, region.Key)))
            .ToFrozenDictionary(pair => pair.country, pair => pair.Key, StringComparer.Ordinal);
    }

    /// <summary>Each region's countries (ISO 3166-1 alpha-2), in the order of names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Countries { get; }

    /// <summary>
    /// This table with a tenant's own regions: each stands in place of the one of its name, and a country that it names
    /// leaves the region where it was. What such a region no longer names is in none.
    /// </summary>
    public RelayRegions With(IReadOnlyDictionary<string, IReadOnlyList<string>> own)
    {
        if (own.Count == 0)
            return this;
        var named = own.SelectMany(region => region.Value).ToHashSet(StringComparer.Ordinal);
        return new(Countries.Where(region => !own.ContainsKey(region.Key))
            .Select(region => KeyValuePair.Create<string, IReadOnlyList<string>>(region.Key, [.. region.Value.Where(country => !named.Contains(country))]))
            .Concat(own));
    }

    /// <summary>How near a relay in a region is to a recipient in a country; either may not be known.</summary>
    public RelayNearness NearnessOf(string? relayRegion, string? country) =>
        relayRegion is null || country is null || !_regionOf.TryGetValue(country, out var region) ? RelayNearness.Elsewhere
        : relayRegion == region ? RelayNearness.SameRegion
        : Area(relayRegion).SequenceEqual(Area(region)) ? RelayNearness.SameArea
        : RelayNearness.Elsewhere;

    /// <summary>Whether it may be a region's name: 1 to 64 of a–z, 0–9 and hyphens.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>A tenant's own regions out of what was given, with countries in upper case and in order; null where something is wrong with it.</summary>
    /// <param name="given">Countries by region.</param>
    /// <param name="path">Where they stand in the body, for the errors.</param>
    /// <param name="errors">Each fault is added to it.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>>? Read(
        IReadOnlyDictionary<string, string[]?> given, string path, List<FieldError> errors)
    {
        var before = errors.Count;
        Dictionary<string, string> regionOf = new(StringComparer.Ordinal);
        foreach (var (region, countries) in given)
        {
            if (!IsName(region))
                errors.Add(new($"{path}.{region}", "invalid", "A region's name is 1 to 64 of a-z, 0-9 and hyphens."));
            if (countries is null)
                errors.Add(new($"{path}.{region}", "required", "A region has a list of countries, which may be empty."));
            for (var i = 0; i < countries?.Length; i++)
                if (ProblemOf(countries[i], region, regionOf) is { } problem)
                    errors.Add(new($"{path}.{region}[{i}]", "invalid", problem));
        }
        return errors.Count > before ? null : given.Keys.ToDictionary(
            region => region, IReadOnlyList<string> (region) => [.. regionOf.Where(c => c.Value == region).Select(c => c.Key).Order(StringComparer.Ordinal)]);
    }

    private static string? ProblemOf(string? country, string region, Dictionary<string, string> regionOf) =>
        !Core.Audience.Countries.TryParse(country, out var code, out var problem) ? problem
        : regionOf.TryAdd(code, region) ? null
        : $"{code} is in {regionOf[code]} already; a country is in one region.";

    private static ReadOnlySpan<char> Area(string region) =>
        region.IndexOf('-', StringComparison.Ordinal) is var hyphen and >= 0 ? region.AsSpan(0, hyphen) : region;
}
