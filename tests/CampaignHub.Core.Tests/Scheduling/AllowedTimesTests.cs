using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class AllowedTimesTests
{
    private static readonly AllowedTimes ByDay = new() { Hours = new(new(8, 0), new(21, 0)) };
    private static readonly AllowedTimes ByNight = new() { Hours = new(new(22, 0), new(2, 0)) };
    private static readonly AllowedTimes OnWorkingDays = ByDay with { Days = Weekdays.Of(Weekday.Mon, Weekday.Tue, Weekday.Wed, Weekday.Thu, Weekday.Fri) };

    // 2026-11-27 is a Friday; Berlin is an hour ahead of UTC.
    [Theory]
    [InlineData("2026-11-27T06:59:59Z", "2026-11-27T07:00:00Z")]
    [InlineData("2026-11-27T07:00:00Z", "2026-11-27T07:00:00Z")]
    [InlineData("2026-11-27T19:59:59Z", "2026-11-27T19:59:59Z")]
    [InlineData("2026-11-27T20:00:00Z", "2026-11-28T07:00:00Z")]
    public void Hours_begin_with_their_first_moment_and_end_before_their_last(string at, string next) =>
        ByDay.NextAllowed(Utc(at), Zone("Europe/Berlin")).ShouldBe(Utc(next));

    [Theory]
    [InlineData("2026-11-27T12:00:00Z", "2026-11-27T21:00:00Z")]
    [InlineData("2026-11-27T23:30:00Z", "2026-11-27T23:30:00Z")]
    [InlineData("2026-11-28T01:00:00Z", "2026-11-28T21:00:00Z")]
    public void Hours_may_go_over_midnight(string at, string next) =>
        ByNight.NextAllowed(Utc(at), Zone("Europe/Berlin")).ShouldBe(Utc(next));

    [Theory]
    [InlineData("2026-11-27T20:00:00Z", "2026-11-30T07:00:00Z")]
    [InlineData("2026-11-28T12:00:00Z", "2026-11-30T07:00:00Z")]
    public void Days_are_those_of_the_recipients_own_week(string at, string next) =>
        OnWorkingDays.NextAllowed(Utc(at), Zone("Europe/Berlin")).ShouldBe(Utc(next));

    [Fact]
    public void After_midnight_it_is_the_new_days_turn()
    {
        var fridayNight = ByNight with { Days = Weekdays.Of(Weekday.Fri) };
        fridayNight.IsAllowed(Utc("2026-11-27T22:30:00Z"), Zone("Europe/Berlin")).ShouldBeTrue();
        fridayNight.IsAllowed(Utc("2026-11-27T23:30:00Z"), Zone("Europe/Berlin")).ShouldBeFalse();
        fridayNight.IsAllowed(Utc("2026-11-26T23:30:00Z"), Zone("Europe/Berlin")).ShouldBeTrue();
    }

    [Fact]
    public void A_holiday_is_passed_over() =>
        (OnWorkingDays with { Holidays = new HashSet<LocalDate> { new(2026, 11, 27), new(2026, 11, 30) } })
            .NextAllowed(Utc("2026-11-27T09:00:00Z"), Zone("Europe/Berlin")).ShouldBe(Utc("2026-12-01T07:00:00Z"));

    [Fact]
    public void Holidays_on_every_allowed_day_for_a_lifetime_are_passed_over()
    {
        var mondays = Enumerable.Range(0, 5000).Select(i => new LocalDate(2026, 11, 30).PlusWeeks(i)).ToHashSet();
        var allowed = new AllowedTimes { Hours = new(new(8, 0), new(21, 0)), Days = Weekdays.Of(Weekday.Mon), Holidays = mondays };
        Instant? found = null;
        var thread = new Thread(() => found = allowed.NextAllowed(Utc("2026-11-27T09:00:00Z"), Zone("Etc/UTC")), 1_048_576);
        thread.Start();
        thread.Join();
        found.ShouldNotBeNull();
    }

    [Fact]
    public void Hours_that_a_gap_swallows_come_the_next_day() =>
        new AllowedTimes { Hours = new(new(2, 15), new(2, 45)) }
            .NextAllowed(Utc("2027-03-28T00:00:00Z"), Zone("Europe/Berlin")).ShouldBe(Utc("2027-03-29T00:15:00Z"));

    [Fact]
    public void Hours_that_begin_in_a_gap_begin_at_its_end() =>
        new AllowedTimes { Hours = new(new(2, 15), new(4, 0)) }
            .NextAllowed(Utc("2027-03-28T00:00:00Z"), Zone("Europe/Berlin")).ShouldBe(Utc("2027-03-28T01:00:00Z"));

    [Fact]
    public void It_is_never_earlier_than_asked_and_always_allowed_and_asking_again_changes_nothing() =>
        Gen.Select(Gens.Allowed, Gens.Now, Gens.Zone).Sample((allowed, now, id) =>
        {
            var next = allowed.NextAllowed(now, Zone(id));
            return next >= now && allowed.IsAllowed(next, Zone(id)) && allowed.NextAllowed(next, Zone(id)) == next;
        });

    [Fact]
    public void Nothing_before_it_is_allowed() =>
        Gen.Select(Gens.Allowed, Gens.Now, Gens.Zone, Gen.Double[0, 1]).Sample((allowed, now, id, part) =>
        {
            var next = allowed.NextAllowed(now, Zone(id));
            return next == now || !allowed.IsAllowed(now + ((next - now) * Math.Min(part, 0.999_999)), Zone(id));
        });

    [Fact]
    public void Nothing_before_it_is_allowed_around_every_change_of_the_clock() =>
        Gen.Select(Gens.Allowed, Gens.Change, Gen.Int[-300, 300], Gen.Double[0, 1]).Sample((allowed, change, minutes, part) =>
        {
            var now = change.At + Duration.FromMinutes(minutes);
            var next = allowed.NextAllowed(now, Zone(change.Zone));
            return next >= now && allowed.IsAllowed(next, Zone(change.Zone))
                && (next == now || !allowed.IsAllowed(now + ((next - now) * Math.Min(part, 0.999_999)), Zone(change.Zone)));
        });

    [Fact]
    public void Sets_of_the_same_days_are_equal() =>
        Weekdays.Of(Weekday.Sun, Weekday.Mon, Weekday.Sun).ShouldBe(Weekdays.Of(Weekday.Mon, Weekday.Sun));
}
