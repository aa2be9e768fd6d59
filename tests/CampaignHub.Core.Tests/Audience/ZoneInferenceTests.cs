using System.Text.Json;
using System.Text.RegularExpressions;
using CampaignHub.Core.Audience;
using NodaTime;
using NodaTime.TimeZones;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Audience;

public sealed partial class ZoneInferenceTests(ITestOutputHelper output)
{
    private static readonly Interval Now = new(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2028, 1, 1, 0, 0));

    [Theory]
    [InlineData("Asia/Tokyo", "BR", "AC", "Asia/Tokyo", ZoneSource.Given)]
    [InlineData(null, "BR", "AC", "America/Rio_Branco", ZoneSource.Region)]
    [InlineData(null, "US", "TX", "America/Chicago", ZoneSource.Region)]
    [InlineData(null, "ES", "TF", "Atlantic/Canary", ZoneSource.Region)]
    [InlineData(null, "PT", "20", "Atlantic/Azores", ZoneSource.Region)]
    [InlineData(null, "US", "AE", "America/New_York", ZoneSource.CountryGuess)]
    [InlineData(null, "RU", null, "Europe/Moscow", ZoneSource.CountryGuess)]
    [InlineData(null, "JP", "13", "Asia/Tokyo", ZoneSource.Country)]
    [InlineData(null, "CN", "XJ", "Asia/Shanghai", ZoneSource.Country)]
    [InlineData(null, "DE", null, "Europe/Berlin", ZoneSource.Country)]
    [InlineData(null, "AR", "X", "America/Argentina/Buenos_Aires", ZoneSource.Country)]
    [InlineData(null, "XK", null, "Europe/Belgrade", ZoneSource.Country)]
    [InlineData(null, "HM", null, null, ZoneSource.Fallback)]
    [InlineData(null, null, "CA", null, ZoneSource.Fallback)]
    public void Evidence_is_taken_in_order(string? given, string? country, string? region, string? zone, ZoneSource source) =>
        ZoneInference.Infer(given, country, region).ShouldBe(new InferredZone(zone, source));

    [Theory]
    [InlineData("US", null, "+1 312 555 0142", "America/Chicago", ZoneSource.Phone)]
    [InlineData("US", null, "(808) 555-0142", "Pacific/Honolulu", ZoneSource.Phone)] // as it is dialled there
    [InlineData("AU", null, "02 5550 0142", "Australia/Sydney", ZoneSource.Phone)]
    [InlineData(null, null, "+49 30 23125 999", "Europe/Berlin", ZoneSource.Phone)]
    [InlineData(null, null, "030 23125 999", null, ZoneSource.Fallback)] // of which country?
    [InlineData("US", "TX", "+1 808 555 0142", "America/Chicago", ZoneSource.Region)]
    [InlineData("DE", null, "+1 808 555 0142", "Europe/Berlin", ZoneSource.Country)]
    [InlineData("CA", null, "+1 808 555 0142", "America/Toronto", ZoneSource.CountryGuess)] // a number of another country
    [InlineData("RU", null, "+7 912 345-67-89", "Europe/Moscow", ZoneSource.CountryGuess)] // mobile: anywhere in Russia
    [InlineData("US", null, "+1 800 555 0142", "America/New_York", ZoneSource.CountryGuess)] // free of charge: anywhere
    [InlineData("US", null, "+1 312 5", "America/New_York", ZoneSource.CountryGuess)]
    [InlineData("US", null, "ring twice", "America/New_York", ZoneSource.CountryGuess)]
    public void A_phone_tells_the_zone_where_its_country_keeps_several(string? country, string? region, string phone, string? zone, ZoneSource source) =>
        ZoneInference.Infer(null, country, region, phone).ShouldBe(new InferredZone(zone, source));

    [Fact]
    public void Countries_of_several_times_are_those_whose_zones_disagree_by_tzdb_now()
    {
        var disagreeing = TzdbDateTimeZoneSource.Default.ZoneLocations!.GroupBy(place => place.CountryCode)
            .Where(country => country.Select(place => Rules(place.ZoneId)).Distinct().Count() > 1)
            .Select(country => country.Key).Except(["CN"]); // one legal time
        ZoneInference.Table.Where(row => row.Source == ZoneSource.CountryGuess).Select(row => row.Country).ShouldBe(disagreeing, ignoreOrder: true);
    }

    [Fact]
    public void Every_row_has_a_zone_of_tzdb_and_every_country_one_row_of_its_own()
    {
        ZoneInference.Table.ShouldAllBe(row => DateTimeZoneProviders.Tzdb.GetZoneOrNull(row.TimeZone) != null);
        ZoneInference.Table.Select(row => (row.Country, row.Region)).ShouldBeUnique();
        Countries.All.Except(ZoneInference.Table.Where(row => row.Region is null).Select(row => row.Country)).ShouldBe(["BV", "HM"], ignoreOrder: true);
        ZoneInference.Table.Where(row => row.Region is null).ShouldAllBe(row => row.Source == ZoneSource.Country || row.Source == ZoneSource.CountryGuess);
    }

    [Fact]
    public void Every_region_row_parses_as_a_region_of_its_country() => ZoneInference.Table.Where(row => row.Region is not null)
        .Where(row => !Regions.TryParse($"{row.Country}-{row.Region}", row.Country, out var region, out _) || region != row.Region)
        .ShouldBeEmpty();

    [Theory]
    [InlineData("US", 56)] // 50 states, DC, five territories; the minor islands with Samoa's zone below
    [InlineData("CA", 13)]
    [InlineData("MX", 32)]
    [InlineData("BR", 27)]
    [InlineData("AU", 8)]
    [InlineData("RU", 83)]
    [InlineData("ES", 69)]
    [InlineData("PT", 20)]
    [InlineData("CL", 16)]
    [InlineData("EC", 24)]
    [InlineData("CD", 26)]
    [InlineData("UA", 27)]
    [InlineData("MN", 22)]
    public void Countries_of_several_times_have_all_their_regions(string country, int count) =>
        ZoneInference.Table.Count(row => row.Country == country && row.Region is not null and not "UM").ShouldBe(count);

    [CorpusFact("05-geo/countries-and-timezones.json")]
    public void Countries_agree_with_the_ground_truth()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Corpora.Find("05-geo/countries-and-timezones.json")!));
        var judged = json.RootElement.EnumerateObject()
            .Select(country => (country.Name, Zone: ZoneInference.Infer(null, country.Name, null), Truth: Zones(country.Value)))
            .Where(country => country.Zone.TimeZone is not null).ToList();
        Print(judged.Select(country => (country.Zone.Source, country.Name, country.Truth.Contains(Rules(country.Zone.TimeZone!)))), out var accuracy);
        accuracy[ZoneSource.Country].ShouldBe(1);
        accuracy[ZoneSource.CountryGuess].ShouldBe(1);
    }

    /// <summary>tzdb's comments name the regions of the United States, Canada and Brazil by code; "(most areas)" and lists of states alike.</summary>
    [CorpusFact("05-geo/zone1970.tab")]
    public void Regions_agree_with_the_comments_of_tzdb()
    {
        var named = File.ReadLines(Corpora.Find("05-geo/zone1970.tab")!).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'))
            .Where(cells => cells is [("US" or "CA" or "BR"), _, _, _])
            .SelectMany(cells => Code().Matches(cells[3]).Select(code => (Country: cells[0], Region: code.Value, Zone: cells[2])))
            .ToLookup(fact => (fact.Country, fact.Region), fact => Rules(fact.Zone));
        var judged = ZoneInference.Table.Where(row => row.Source == ZoneSource.Region && named.Contains((row.Country, row.Region!)))
            .Select(row => (row.Source, $"{row.Country}-{row.Region}", named[(row.Country, row.Region!)].Contains(Rules(row.TimeZone)))).ToList();
        judged.Count.ShouldBeGreaterThanOrEqualTo(22);
        Print(judged, out var accuracy);
        accuracy[ZoneSource.Region].ShouldBe(1);
    }

    /// <summary>No zone outside the region's country, but for territories that have a country code of their own.</summary>
    [CorpusFact("05-geo/vvo-tzdb-raw-time-zones.json")]
    public void Regions_get_zones_with_a_rule_that_their_country_keeps()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Corpora.Find("05-geo/vvo-tzdb-raw-time-zones.json")!));
        var truth = json.RootElement.EnumerateArray()
            .SelectMany(zone => zone.GetProperty("group").EnumerateArray(), (zone, id) => (Country: zone.GetProperty("countryCode").GetString()!, Id: id.GetString()!))
            .Where(zone => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone.Id) is not null)
            .ToLookup(zone => zone.Country, zone => Rules(zone.Id));
        Print(ZoneInference.Table.Where(row => row.Region is not ("PR" or "VI" or "GU" or "MP" or "AS" or "UM") && truth.Contains(row.Country))
            .Select(row => (row.Source, $"{row.Country}-{row.Region} {row.TimeZone}", truth[row.Country].Contains(Rules(row.TimeZone)))), out var accuracy);
        accuracy.Values.ShouldAllBe(share => share == 1);
    }

    /// <summary>
    /// Numbers made of every prefix of a country with several times that lies in one zone, padded until they are valid. A
    /// mobile number that keeps to no zone is not in the corpus; one taken along in a move is nobody's to know.
    /// </summary>
    [CorpusFact("05-geo/phone-timezones-map_data.txt")]
    public void Phones_agree_with_the_prefixes_of_the_corpus()
    {
        var prefixes = File.ReadLines(Corpora.Find("05-geo/phone-timezones-map_data.txt")!)
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('|'))
            .Where(cells => !cells[1].Contains('&')).ToDictionary(cells => cells[0], cells => cells[1]);
        var judged = prefixes.Select(prefix => (prefix.Key, prefix.Value, Number: ValidNumber(prefix.Key, prefixes)))
            .Where(prefix => prefix.Number is not null && ZoneInference.IsOpen(prefix.Number.Value.Country))
            .Select(prefix => (Zone: ZoneInference.Infer(null, prefix.Number!.Value.Country, null, prefix.Number.Value.Phone), prefix.Key, prefix.Value))
            .Select(prefix => (prefix.Zone.Source, prefix.Key, prefix.Zone.Source == ZoneSource.Phone && Rules(prefix.Zone.TimeZone!) == Rules(prefix.Value))).ToList();
        Print(judged, out var accuracy);
        judged.Count.ShouldBeGreaterThan(1000);
        accuracy[ZoneSource.Phone].ShouldBeGreaterThanOrEqualTo(0.99);
    }

    /// <summary>A valid number with that prefix and no longer one of the corpus, with the country it belongs to.</summary>
    private static (string Phone, string Country)? ValidNumber(string prefix, Dictionary<string, string> prefixes)
    {
        var numbers = PhoneNumbers.PhoneNumberUtil.GetInstance();
        foreach (var phone in from filling in "2457" from length in Enumerable.Range(9, 5) select "+" + prefix.PadRight(length, filling))
            if (!prefixes.Keys.Any(longer => longer.Length > prefix.Length && phone.AsSpan(1).StartsWith(longer))
                && numbers.Parse(phone, "ZZ") is var number && numbers.IsValidNumber(number)
                && numbers.GetRegionCodeForNumber(number) is { } country && Countries.All.Contains(country))
                return (phone, country);
        return null;
    }

    private void Print(IEnumerable<(ZoneSource Source, string Place, bool IsRight)> judged, out Dictionary<ZoneSource, double> accuracy)
    {
        accuracy = [];
        output.WriteLine("source         places  right  share");
        foreach (var source in judged.GroupBy(place => place.Source).OrderBy(group => group.Key))
        {
            var right = source.Count(place => place.IsRight);
            accuracy[source.Key] = (double)right / source.Count();
            output.WriteLine($"{source.Key.Word(),-14} {source.Count(),6} {right,6} {accuracy[source.Key],6:P1}  "
                + string.Join(", ", source.Where(place => !place.IsRight).Select(place => place.Place)));
        }
    }

    private static HashSet<string> Zones(JsonElement country) => [.. country.GetProperty("timezones").EnumerateArray().Select(id => Rules(id.GetString()!))];

    /// <summary>Two zones are one where their clocks agree for two years.</summary>
    private static string Rules(string zone) => string.Join(';', DateTimeZoneProviders.Tzdb[zone].GetZoneIntervals(Now)
        .Select(interval => $"{interval.WallOffset}{(interval.HasStart && interval.Start > Now.Start ? interval.Start : Now.Start)}"));

    /// <summary>A code that the comment claims whole or for the most part: not "ON (west)", not "BC(E)".</summary>
    [GeneratedRegex(@"\b[A-Z]{2}\b(?! ?\((?!most))")]
    private static partial Regex Code();
}
