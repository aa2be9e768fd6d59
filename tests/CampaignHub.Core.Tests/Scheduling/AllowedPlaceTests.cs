using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class AllowedPlaceTests
{
    private static readonly AllowedTimes ByDay = new() { Hours = new AllowedHours(new LocalTime(8, 0), new LocalTime(21, 0)) };

    [Fact]
    public void Where_a_zone_is_guessed_it_is_allowed_once_it_is_in_every_zone_of_the_country()
    {
        // At 08:00 in New York it is 03:00 in Honolulu, and 23:00 in Guam, which is the last where it is day again: at 22:00Z.
        var place = Place("America/New_York", "US");
        place.NextAllowed(Utc("2026-11-27T13:00:00Z")).ShouldBe(Utc("2026-11-27T22:00:00Z"));
        Place("America/New_York", null).NextAllowed(Utc("2026-11-27T13:00:00Z")).ShouldBe(Utc("2026-11-27T13:00:00Z"));
    }

    [Fact]
    public void What_is_found_is_allowed_in_all_zones_and_nothing_before_it_is() =>
        Gen.Select(Gen.OneOf<string>("US", "BR", "AU", "CA", "MX", "ID"), Gens.Now).Sample((country, now) =>
        {
            var zones = ZoneInference.ZonesOf(country);
            var found = Place(zones[0], country).NextAllowed(now);
            return zones.All(zone => ByDay.IsAllowed(found, Zone(zone)))
                && (found == now || zones.Any(zone => !ByDay.IsAllowed(found - Duration.FromSeconds(1), Zone(zone))));
        });

    [Fact]
    public void Countries_that_are_too_wide_for_the_hours_are_named()
    {
        var now = Utc("2026-11-27T00:00:00Z");
        AllowedPlace.NeverAllowedIn(["US", "RU", "DE", "BR"], new AllowedTimes { Hours = new AllowedHours(new LocalTime(8, 0), new LocalTime(12, 0)) }, now).ShouldBe(["RU", "US"]);
        AllowedPlace.NeverAllowedIn(["US", "RU", "DE", "BR"], ByDay, now).ShouldBeEmpty();
    }

    private static AllowedPlace Place(string zone, string? unsureCountry) => AllowedPlace.Of(ByDay, HolidayCalendar.Empty, zone, null, unsureCountry);
}
