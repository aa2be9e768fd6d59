using CampaignHub.Core.Audience;
using CsCheck;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Tests.Audience;

public sealed class MaxFrequencyTests
{
    [Theory]
    [InlineData(MaxFrequency.Daily, "2026-11-27T12:00:00Z", "Europe/Berlin", "2026-11-26T23:00:00Z")]
    [InlineData(MaxFrequency.Daily, "2026-11-27T23:30:00Z", "Europe/Berlin", "2026-11-27T23:00:00Z")]
    [InlineData(MaxFrequency.Daily, "2026-11-27T12:00:00Z", "Asia/Tokyo", "2026-11-26T15:00:00Z")]
    [InlineData(MaxFrequency.Weekly, "2026-11-27T12:00:00Z", "Etc/UTC", "2026-11-21T00:00:00Z")]
    // The week that the clock of Berlin was turned back in.
    [InlineData(MaxFrequency.Weekly, "2026-10-27T12:00:00Z", "Europe/Berlin", "2026-10-20T22:00:00Z")]
    // A day that Samoa left out, and one without a midnight in Santiago.
    [InlineData(MaxFrequency.Weekly, "2011-12-31T12:00:00Z", "Pacific/Apia", "2011-12-26T10:00:00Z")]
    [InlineData(MaxFrequency.Weekly, "2012-01-05T12:00:00Z", "Pacific/Apia", "2011-12-30T10:00:00Z")]
    [InlineData(MaxFrequency.Daily, "2026-09-06T12:00:00Z", "America/Santiago", "2026-09-06T04:00:00Z")]
    public void Days_are_those_of_the_persons_own_calendar(MaxFrequency frequency, string now, string zone, string since) =>
        frequency.Since(Instant(now), DateTimeZoneProviders.Tzdb[zone]).ShouldBe(Instant(since));

    [Fact]
    public void Mail_that_comes_at_the_same_hour_each_day_or_each_week_is_never_held_back() =>
        Gen.Select(Gen.OneOf([.. TimeZones.Places.Select(Gen.Const)]), Gen.Int[0, 20_000], Gen.Int[0, 1439], Gen.Int[-300, 300]).Sample((place, day, minute, late) =>
        {
            var zone = DateTimeZoneProviders.Tzdb[place];
            var date = new LocalDate(1990, 1, 1).PlusDays(day);
            foreach (var (frequency, days) in ((MaxFrequency, int)[])[(MaxFrequency.Daily, 1), (MaxFrequency.Weekly, 7)])
            {
                var before = zone.AtLeniently(date.AtMidnight().PlusMinutes(minute)).ToInstant();
                var now = zone.AtLeniently(date.PlusDays(days).AtMidnight().PlusMinutes(minute)).ToInstant() + Duration.FromSeconds(late);
                var (first, second) = (before.InZone(zone).Date, now.InZone(zone).Date);
                if (Period.DaysBetween(first, second) >= days)
                    before.ShouldBeLessThan(frequency.Since(now, zone), $"{frequency} in {place}: {before}, then {now}");
            }
        });

    private static Instant Instant(string text) => InstantPattern.General.Parse(text).Value;
}
