using CampaignHub.Core.Audience;
using NodaTime;
using TimeZoneConverter;

namespace CampaignHub.Core.Tests.Audience;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("europe/berlin", "Europe/Berlin")]
    [InlineData("america/new york", "America/New_York")]
    [InlineData("Asia/Calcutta", "Asia/Calcutta")]
    [InlineData("US/Pacific", "US/Pacific")]
    [InlineData("utc", "UTC")]
    [InlineData("CET", "CET")]
    [InlineData("PST", "America/Los_Angeles")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("tokyo standard time", "Asia/Tokyo")]
    [InlineData("Pacific Time (US & Canada)", "America/Los_Angeles")]
    [InlineData("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York")]
    [InlineData("(GMT+01:00) Europe/Berlin", "Europe/Berlin")]
    public void Known_names_become_ids_of_tzdb(string text, string expected)
    {
        TimeZones.TryParse(text, out var id, out var problem).ShouldBeTrue(problem);
        id.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Mars/Base")]
    [InlineData("IST")]
    [InlineData("(GMT")]
    public void Unknown_names_are_refused_by_name(string? text)
    {
        TimeZones.TryParse(text, out var id, out var problem).ShouldBeFalse();
        id.ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(text ?? "");
    }

    [Fact]
    public void Every_name_of_Windows_and_Rails_has_a_zone()
    {
        var names = TZConvert.KnownWindowsTimeZoneIds.Concat(TZConvert.KnownRailsTimeZoneNames);
        names.Where(name => !TimeZones.TryParse(name, out var id, out _) || DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is null)
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_places_to_choose_among_are_zones_of_a_region_each()
    {
        TimeZones.Places.Count.ShouldBeGreaterThan(300);
        TimeZones.Places.ShouldContain("Europe/Berlin");
        TimeZones.Places.Where(place => !place.Contains('/') || !TimeZones.TryParse(place, out var id, out _) || id != place).ShouldBeEmpty();
    }
}
