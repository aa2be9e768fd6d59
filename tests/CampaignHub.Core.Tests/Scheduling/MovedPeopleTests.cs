using CampaignHub.Core.Scheduling;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class MovedPeopleTests
{
    private static readonly HolidayCalendar ChristmasInGermany =
        new(new Dictionary<string, IReadOnlySet<LocalDate>> { ["DE"] = new HashSet<LocalDate> { new(2026, 12, 25) } });

    // Friday 2026-11-27 at 10:00 in Berlin is 09:00Z; slot 40 of three hours is due at 11:00Z.
    [Theory]
    [InlineData(WhenPassed.NextDay)]
    [InlineData(WhenPassed.Skip)]
    [InlineData(WhenPassed.SendNow)]
    public void Whose_part_of_a_window_is_still_ahead_keeps_it_when_their_place_changes_within_the_window(WhenPassed whenPassed)
    {
        var schedule = Schedule(whenPassed);
        var launched = Launched(schedule, "Europe/Berlin", Utc("2026-11-27T08:00:00Z"));
        launched.DueAt.ShouldBe(Utc("2026-11-27T11:00:00Z"));

        var elsewhere = SchedulePlanner.InAnotherZone(launched, launched.Place with { HolidayCountry = "DE" }, schedule, ChristmasInGermany, Utc("2026-11-27T10:30:00Z"));

        (elsewhere.Outcome, elsewhere.DueAt).ShouldBe((ZoneOutcome.Send, Utc("2026-11-27T11:00:00Z")));
    }

    [Fact]
    public void Whose_part_of_a_window_has_begun_late_keeps_it_when_their_country_gets_holidays()
    {
        // Launched within the grace at 09:40Z: part 40 is due two hours after that.
        var schedule = Schedule(WhenPassed.Skip);
        var launched = Launched(schedule, "Europe/Berlin", Utc("2026-11-27T09:40:00Z"));
        (launched.DueAt, launched.Passed).ShouldBe((Utc("2026-11-27T11:40:00Z"), PassedOutcome.AtOnce));

        SchedulePlanner.InAnotherZone(launched, launched.Place with { HolidayCountry = "DE" }, schedule, ChristmasInGermany, Utc("2026-11-27T11:30:00Z"))
            .ShouldBe(launched with { HolidayCountry = "DE" });
    }

    [Fact]
    public void Whose_part_of_a_window_from_launch_on_is_still_ahead_keeps_it_when_their_zone_changes()
    {
        var schedule = new NowSchedule(null) { Window = new SendWindow(180) };
        var launched = Launched(schedule, "Europe/Berlin", Utc("2026-11-27T09:00:00Z"));

        SchedulePlanner.InAnotherZone(launched, launched.Place with { TimeZone = "Europe/London" }, schedule, HolidayCalendar.Empty, Utc("2026-11-27T10:30:00Z"))
            .DueAt.ShouldBe(Utc("2026-11-27T11:00:00Z"));
    }

    private static LocalTimeSchedule Schedule(WhenPassed whenPassed) => new(new LocalDate(2026, 11, 27), new LocalTime(10, 0), new PassedRule(whenPassed, Duration.FromHours(1)))
    {
        Allowed = new AllowedTimes { Days = Weekdays.Of(Weekday.Mon, Weekday.Tue, Weekday.Wed, Weekday.Thu, Weekday.Fri) },
        Window = new SendWindow(180),
    };

    private static ZonePlan Launched(Schedule schedule, string zone, Instant now) =>
        Planning.AtLaunch(Planning.Plan(schedule, [zone], now), schedule, now).Single(z => z.Slot == 40);
}
