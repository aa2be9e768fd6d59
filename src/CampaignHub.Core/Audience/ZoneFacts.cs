using System.Collections.Frozen;
using NodaTime.TimeZones;

namespace CampaignHub.Core.Audience;

/// <summary>Country and region → zone: tzdb's own table for countries of one time, and facts of ours for the others.</summary>
/// <remarks>
/// A country counts as one of several zones only if its zones disagree now (a test compares two years of tzdb's rules
/// with this list): Argentina, Germany or Kazakhstan have many ids and one time. China has Asia/Urumqi beside
/// Asia/Shanghai, but one legal time. "Most populous" is by the people who live under the zone's rules.
/// </remarks>
internal static partial class ZoneFacts
{
    /// <summary>Countries whose zones agree (China: by law), where tzdb's first isn't the one that most people live in.</summary>
    private static readonly Dictionary<string, string> MostPopulousOfOneTime = new()
    {
        ["CN"] = "Asia/Shanghai",
        ["PS"] = "Asia/Hebron",
        ["UZ"] = "Asia/Tashkent",
        ["XK"] = "Europe/Belgrade", // no country of tzdb's
    };

    /// <summary>Countries whose zones disagree, and which have no code of ISO 3166-2 that would tell.</summary>
    private static readonly Dictionary<string, string> MostPopulousWithoutRegions = new()
    {
        ["AQ"] = "Antarctica/McMurdo",
        ["PF"] = "Pacific/Tahiti",
    };

    private static readonly IReadOnlyList<SeveralZones> Several = ReadSeveral();

    private static readonly FrozenDictionary<string, IReadOnlySet<string>> KnownRegions =
        Several.ToFrozenDictionary(country => country.Code, country => country.Regions);

    public static IReadOnlyList<ZoneRow> Rows { get; } = [.. OfOneTime(), .. OfSeveral()];

    /// <summary>Abbreviations in use → ISO code.</summary>
    public static FrozenDictionary<(string Country, string Alias), string> RegionAliases { get; } = MexicanAbbreviations
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Replace('_', ' ').Split('='))
        .ToFrozenDictionary(pair => ("MX", pair[0]), pair => pair[1]);

    /// <summary>All codes of a country with several zones; null where they aren't known.</summary>
    public static IReadOnlySet<string>? RegionsOf(string country) => KnownRegions.GetValueOrDefault(country);

    private static IEnumerable<ZoneRow> OfOneTime()
    {
        var several = Several.Select(country => country.Code).Concat(MostPopulousWithoutRegions.Keys).ToHashSet();
        return TzdbDateTimeZoneSource.Default.ZoneLocations!
            .Where(place => !several.Contains(place.CountryCode) && !MostPopulousOfOneTime.ContainsKey(place.CountryCode))
            .DistinctBy(place => place.CountryCode)
            .Select(place => new ZoneRow(place.CountryCode, null, place.ZoneId, ZoneSource.Country))
            .Concat(MostPopulousOfOneTime.Select(fact => new ZoneRow(fact.Key, null, fact.Value, ZoneSource.Country)));
    }

    private static IEnumerable<ZoneRow> OfSeveral() => Several
        .SelectMany(country => country.Zones
            .Select(fact => new ZoneRow(country.Code, fact.Key, fact.Value, ZoneSource.Region))
            .Append(new ZoneRow(country.Code, null, country.MostPopulous, ZoneSource.CountryGuess)))
        .Concat(MostPopulousWithoutRegions.Select(fact => new ZoneRow(fact.Key, null, fact.Value, ZoneSource.CountryGuess)));

    /// <summary>Reads the text of <see cref="SeveralText"/>; malformed text is a bug and throws.</summary>
    private static List<SeveralZones> ReadSeveral() => [.. SeveralText
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .GroupBy(words => words[0], SeveralZones.Read)];

    private sealed record SeveralZones(string Code, string MostPopulous, IReadOnlyDictionary<string, string> Zones, IReadOnlySet<string> Regions)
    {
        private const string NoZone = "-";

        public static SeveralZones Read(string code, IEnumerable<string[]> lines)
        {
            var all = lines.ToList();
            var facts = all.SelectMany(words => words.Skip(2), (words, region) => (Region: region, Zone: words[1].TrimEnd('*'))).ToList();
            return new SeveralZones(code,
                all.Single(words => words[1].EndsWith('*'))[1].TrimEnd('*'),
                facts.Where(fact => fact.Zone != NoZone).ToDictionary(fact => fact.Region, fact => fact.Zone),
                facts.Select(fact => fact.Region).ToHashSet());
        }
    }
}
