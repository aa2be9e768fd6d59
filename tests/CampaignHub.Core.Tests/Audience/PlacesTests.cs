using System.Text.Json;
using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Tests.Audience;

public sealed class PlacesTests
{
    [Theory]
    [InlineData("de", "DE")]
    [InlineData(" Br ", "BR")]
    [InlineData("uk", "GB")]
    [InlineData("XK", "XK")]
    public void Country_codes_are_taken_in_any_case(string text, string expected)
    {
        Countries.TryParse(text, out var code, out _).ShouldBeTrue();
        code.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("DEU")]
    [InlineData("ZZ")]
    [InlineData("Germany")]
    public void Other_country_codes_are_refused(string? text) => Countries.TryParse(text, out _, out _).ShouldBeFalse();

    [CorpusFact("05-geo/countries-and-timezones.json")]
    public void The_country_table_is_whole()
    {
        using var truth = JsonDocument.Parse(File.ReadAllText(Corpora.Find("05-geo/countries-and-timezones.json")!));
        truth.RootElement.EnumerateObject().Select(country => country.Name).Where(code => !Countries.All.Contains(code)).ShouldBeEmpty();
        Countries.All.Count.ShouldBe(250); // ISO's 249 and Kosovo
    }

    [Theory]
    [InlineData("SP", "BR", "SP")]
    [InlineData("br-sp", "BR", "SP")]
    [InlineData("JP-13", "JP", "13")]
    [InlineData("ENG", "GB", "ENG")]
    [InlineData("Q Roo", "MX", "ROO")]
    [InlineData("TAMPS", "MX", "TAM")]
    [InlineData("AE", "US", "AE")]
    [InlineData("BR-SP", null, "SP")]
    public void Regions_are_kept_without_their_country(string text, string? country, string expected)
    {
        Regions.TryParse(text, country, out var region, out var problem).ShouldBeTrue(problem);
        region.ShouldBe(expected);
    }

    [Theory]
    [InlineData("US-CA", "BR")]
    [InlineData("XX", "US")]
    [InlineData("Bavaria", "DE")]
    [InlineData("", "DE")]
    [InlineData("DE-", "DE")]
    public void Other_regions_are_refused(string text, string? country) =>
        Regions.TryParse(text, country, out _, out _).ShouldBeFalse();
}
