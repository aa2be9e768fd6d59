using CampaignHub.Core.Reports;
using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Reports;

public sealed class TimelineBucketsTests
{
    private static readonly Gen<DateTimeZone> Zones = Gen.Int[0, DateTimeZoneProviders.Tzdb.Ids.Count - 1].Select(n => DateTimeZoneProviders.Tzdb[DateTimeZoneProviders.Tzdb.Ids[n]]);
    private static readonly Gen<Instant> Instants = Gen.Long[Instant.FromUtc(2000, 1, 1, 0, 0).ToUnixTimeSeconds(), Instant.FromUtc(2060, 1, 1, 0, 0).ToUnixTimeSeconds()]
        .Select(Instant.FromUnixTimeSeconds);

    private static readonly Gen<TimelineInterval> Intervals = Gen.Bool.Select(isDay => isDay ? TimelineInterval.Day : TimelineInterval.Hour);

    [Fact]
    public void Every_instant_lies_in_the_bucket_that_begins_at_its_start_and_ends_at_the_next() =>
        Gen.Select(Instants, Intervals, Zones).Sample((at, interval, zone) =>
        {
            var start = TimelineBuckets.StartOf(at, interval, zone);
            return start <= at && at < TimelineBuckets.Next(start, interval, zone) && TimelineBuckets.StartOf(start, interval, zone) == start;
        });

    [Fact]
    public void Buckets_follow_each_other_over_every_change_of_clocks() =>
        Gen.Select(Instants, Intervals, Zones).Sample((near, interval, zone) =>
        {
            var period = zone.GetZoneInterval(near);
            var change = period.HasEnd ? period.End : near;
            var starts = TimelineBuckets.Between(change - Duration.FromDays(2), change + Duration.FromDays(2), interval, zone);
            return starts.Zip(starts.Skip(1)).All(pair => pair.First < pair.Second && TimelineBuckets.Next(pair.First, interval, zone) == pair.Second
                && TimelineBuckets.StartOf(pair.Second - Duration.Epsilon, interval, zone) == pair.First);
        });

    [Fact]
    public void Every_bucket_since_2000_begins_at_a_quarter_of_an_hour() =>
        Gen.Select(Instants, Intervals, Zones).Sample((at, interval, zone) => TimelineBuckets.StartOf(at, interval, zone).ToUnixTimeSeconds() % 900 == 0);

    [Theory]
    [InlineData("Europe/Berlin", 2026, 3, 29, 23)]
    [InlineData("Europe/Berlin", 2026, 10, 25, 25)]
    [InlineData("America/New_York", 2026, 11, 1, 25)]
    [InlineData("Asia/Kolkata", 2026, 11, 1, 24)]
    public void A_day_has_as_many_hours_as_its_clocks_show(string zone, int year, int month, int day, int hours)
    {
        var tz = DateTimeZoneProviders.Tzdb[zone];
        var start = CalendarDay.StartFrom(new LocalDate(year, month, day), tz);
        var end = TimelineBuckets.Next(start, TimelineInterval.Day, tz);
        (end - start).ShouldBe(Duration.FromHours(hours));
        TimelineBuckets.Between(start, end, TimelineInterval.Hour, tz).Count.ShouldBe(hours);
    }

    [Fact]
    public void Clocks_that_go_back_half_an_hour_make_a_short_bucket()
    {
        // Lord Howe, 5 April 2026: at 02:00 (+11) clocks went back to 01:30 (+10:30).
        var tz = DateTimeZoneProviders.Tzdb["Australia/Lord_Howe"];
        var starts = TimelineBuckets.Between(Instant.FromUtc(2026, 4, 4, 14, 0), Instant.FromUtc(2026, 4, 4, 16, 0), TimelineInterval.Hour, tz);
        starts.ShouldBe([Instant.FromUtc(2026, 4, 4, 14, 0), Instant.FromUtc(2026, 4, 4, 15, 0), Instant.FromUtc(2026, 4, 4, 15, 30)]);
    }

    [Fact]
    public void A_day_that_a_zone_has_skipped_is_left_out()
    {
        var samoa = DateTimeZoneProviders.Tzdb["Pacific/Apia"];
        var before = CalendarDay.StartFrom(new LocalDate(2011, 12, 29), samoa);
        TimelineBuckets.Next(before, TimelineInterval.Day, samoa).InZone(samoa).Date.ShouldBe(new LocalDate(2011, 12, 31));
        CalendarDay.StartFrom(new LocalDate(2011, 12, 30), samoa).ShouldBe(TimelineBuckets.Next(before, TimelineInterval.Day, samoa));
    }

    [Fact]
    public void A_median_is_the_middle_or_between_the_two_in_the_middle()
    {
        Median.Of([0.1m, null, 0.9m, 0.2m]).ShouldBe(0.2m);
        Median.Of([0.1m, 0.2m]).ShouldBe(0.15m);
        Median.Of([null]).ShouldBeNull();
    }
}
