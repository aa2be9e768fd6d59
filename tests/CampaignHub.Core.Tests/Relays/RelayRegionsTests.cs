using CampaignHub.Core.Audience;
using CampaignHub.Core.Relays;

namespace CampaignHub.Core.Tests.Relays;

public sealed class RelayRegionsTests
{
    [Fact]
    public void The_built_in_table_has_each_country_in_exactly_one_region() =>
        RelayRegions.BuiltIn.Countries.Values.SelectMany(countries => countries).Order().ShouldBe(Countries.All.Order());

    [Fact]
    public void Every_built_in_name_may_be_a_regions() => RelayRegions.BuiltIn.Countries.Keys.ShouldAllBe(name => RelayRegions.IsName(name));

    [Theory]
    [InlineData("eu-central", "DE", RelayNearness.SameRegion)]
    [InlineData("eu-west", "DE", RelayNearness.SameArea)]
    [InlineData("ap-southeast", "JP", RelayNearness.SameArea)]
    [InlineData("eu-central", "JP", RelayNearness.Elsewhere)]
    [InlineData("me", "AE", RelayNearness.SameRegion)]
    [InlineData(null, "DE", RelayNearness.Elsewhere)]
    [InlineData("eu-central", null, RelayNearness.Elsewhere)]
    public void Nearness_goes_by_region_and_then_by_area(string? region, string? country, RelayNearness expected) =>
        RelayRegions.BuiltIn.NearnessOf(region, country).ShouldBe(expected);

    [Fact]
    public void A_tenants_region_stands_in_place_of_the_built_in_one_and_takes_its_countries_from_others()
    {
        var regions = RelayRegions.BuiltIn.With(Own(("eu-central", ["DE", "JP"]), ("frankfurt", ["AT"])));
        regions.NearnessOf("eu-central", "JP").ShouldBe(RelayNearness.SameRegion);
        regions.NearnessOf("frankfurt", "AT").ShouldBe(RelayNearness.SameRegion);
        regions.Countries["ap-northeast"].ShouldBe(["KP", "KR"]);
        regions.NearnessOf("eu-central", "PL").ShouldBe(RelayNearness.Elsewhere, "it is named no longer, so it is in no region");
        RelayRegions.BuiltIn.NearnessOf("eu-central", "PL").ShouldBe(RelayNearness.SameRegion);
    }

    [Fact]
    public void What_is_given_is_read_with_every_fault_named()
    {
        List<FieldError> errors = [];
        RelayRegions.Read(new Dictionary<string, string[]?> { ["eu"] = ["DE", "XX"], ["asia"] = ["jp", "de"], ["Bad Name"] = [], ["none"] = null }, "regions", errors).ShouldBeNull();
        errors.Select(e => (e.Path, e.Code)).ShouldBe(
            [("regions.eu[1]", "invalid"), ("regions.asia[1]", "invalid"), ("regions.Bad Name", "invalid"), ("regions.none", "required")]);
        errors[1].Message.ShouldContain("eu");
    }

    [Fact]
    public void Countries_are_read_in_any_case_and_kept_in_order() =>
        RelayRegions.Read(new Dictionary<string, string[]?> { ["eu"] = ["uk", "fr"] }, "regions", [])!["eu"].ShouldBe(["FR", "GB"]);

    private static Dictionary<string, IReadOnlyList<string>> Own(params (string Name, string[] Countries)[] regions) =>
        regions.ToDictionary(r => r.Name, IReadOnlyList<string> (r) => r.Countries);
}
