using CampaignHub.Core.Scheduling;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

/// <summary>The examples of docs/scheduling.md, with the same numbers.</summary>
public sealed class ScheduleExamplesTests
{
    private static readonly LocalTime Ten = new(10, 0);
    private static readonly LocalDate BlackFriday = new(2026, 11, 27);

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-27T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-11-27T09:00:00Z")]
    [InlineData("America/Sao_Paulo", "2026-11-27T13:00:00Z")]
    public void A_date_and_a_time_are_meant_in_each_zone(string zone, string due) =>
        Plan(new LocalTimeSchedule(BlackFriday, Ten, PassedRule.Default), zone, "2026-11-20T00:00:00Z")
            .ShouldBe(Sent(zone, "2026-11-27T10:00", due, Adjustment.None));

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-27T10:00", "2026-11-27T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-11-27T10:00", "2026-11-27T09:00:00Z")]
    [InlineData("America/New_York", "2026-11-26T10:00", "2026-11-26T15:00:00Z")]
    public void Only_a_time_means_the_next_one_in_each_zone(string zone, string local, string due) =>
        Plan(new LocalTimeSchedule(null, Ten, PassedRule.Default), zone, "2026-11-26T12:00:00Z")
            .ShouldBe(Sent(zone, local, due, Adjustment.None));

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-27T18:00")]
    [InlineData("Europe/Berlin", "2026-11-27T10:00")]
    [InlineData("America/New_York", "2026-11-27T04:00")]
    public void An_instant_is_the_same_everywhere(string zone, string local) =>
        Plan(new InstantSchedule(Utc("2026-11-27T09:00:00Z"), PassedRule.Default), zone, "2026-11-20T00:00:00Z")
            .ShouldBe(Sent(zone, local, "2026-11-27T09:00:00Z", Adjustment.None));

    [Fact]
    public void Now_is_the_moment_of_launch()
    {
        var schedule = new NowSchedule(null);
        var plan = Plan(schedule, "Europe/Berlin", "2026-11-27T08:00:00Z");
        plan.ShouldBe(new ZonePlan("Europe/Berlin", null, null, Adjustment.None));
        Launch(plan, schedule, "2026-11-27T09:00:00Z")
            .ShouldBe(Sent("Europe/Berlin", "2026-11-27T10:00", "2026-11-27T09:00:00Z", Adjustment.None));
    }

    [Fact]
    public void A_skipped_time_moves_forward_by_the_gap()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2027, 3, 28), new LocalTime(2, 30), PassedRule.Default);
        var plan = Plan(schedule, "Europe/Berlin", "2027-03-20T00:00:00Z");
        plan.ShouldBe(Sent("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30:00Z", Adjustment.Gap));
        plan.DueAt!.Value.InZone(Zone("Europe/Berlin")).LocalDateTime.ShouldBe(Local("2027-03-28T03:30"));
    }

    [Fact]
    public void A_time_shown_twice_means_the_earlier_one()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2026, 11, 1), new LocalTime(1, 30), PassedRule.Default);
        Plan(schedule, "America/New_York", "2026-10-20T00:00:00Z")
            .ShouldBe(Sent("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z", Adjustment.Overlap));
    }

    [Theory]
    [InlineData("2026-11-27T01:40:00Z", WhenPassed.Skip, "2026-11-27T10:00", "2026-11-27T01:40:00Z")]
    [InlineData("2026-11-27T01:40:00Z", WhenPassed.NextDay, "2026-11-27T10:00", "2026-11-27T01:40:00Z")]
    [InlineData("2026-11-27T02:00:00Z", WhenPassed.NextDay, "2026-11-27T10:00", "2026-11-27T02:00:00Z")]
    [InlineData("2026-11-27T03:00:00Z", WhenPassed.SendNow, "2026-11-27T10:00", "2026-11-27T03:00:00Z")]
    [InlineData("2026-11-27T03:00:00Z", WhenPassed.NextDay, "2026-11-28T10:00", "2026-11-28T01:00:00Z")]
    [InlineData("2026-11-30T03:00:00Z", WhenPassed.NextDay, "2026-12-01T10:00", "2026-12-01T01:00:00Z")]
    public void What_has_passed_goes_now_or_on_the_next_day(string now, WhenPassed whenPassed, string local, string due) =>
        Plan(Tokyo(whenPassed), "Asia/Tokyo", now).ShouldBe(Sent("Asia/Tokyo", local, due, Adjustment.Passed) with
        {
            Passed = local.StartsWith("2026-11-27", StringComparison.Ordinal) ? PassedOutcome.AtOnce : PassedOutcome.NextDay,
        });

    [Fact]
    public void What_has_passed_is_missed_when_the_schedule_skips_it() =>
        Plan(Tokyo(WhenPassed.Skip), "Asia/Tokyo", "2026-11-27T03:00:00Z").ShouldBe(
            Sent("Asia/Tokyo", "2026-11-27T10:00", "2026-11-27T01:00:00Z", Adjustment.Passed) with
            {
                Outcome = ZoneOutcome.Missed,
                Passed = PassedOutcome.Missed,
            });

    [Fact]
    public void A_passed_instant_steps_by_24_hours() =>
        Plan(new InstantSchedule(Utc("2026-11-27T09:00:00Z"), PassedRule.Default), "Europe/Berlin", "2026-11-27T12:00:00Z")
            .ShouldBe(Sent("Europe/Berlin", "2026-11-28T10:00", "2026-11-28T09:00:00Z", Adjustment.Passed) with { Passed = PassedOutcome.NextDay });

    [Theory]
    [InlineData("2026-11-23T12:00:00Z", "2026-11-24T10:00", "2026-11-24T09:00:00Z", Adjustment.None)]
    [InlineData("2026-11-24T09:30:00Z", "2026-11-24T10:00", "2026-11-24T09:30:00Z", Adjustment.Passed)]
    [InlineData("2026-11-26T12:00:00Z", "2026-11-27T10:00", "2026-11-27T09:00:00Z", Adjustment.Passed)]
    public void A_plan_freezes_the_local_time(string launched, string local, string due, Adjustment adjustment)
    {
        var schedule = new LocalTimeSchedule(null, Ten, PassedRule.Default);
        var plan = Plan(schedule, "Europe/Berlin", "2026-11-23T12:00:00Z");
        var launch = Launch(plan, schedule, launched);
        (launch with { Passed = null }).ShouldBe(Sent("Europe/Berlin", local, due, adjustment));
        launch.Passed.ShouldBe(adjustment == Adjustment.None ? null : local == "2026-11-24T10:00" ? PassedOutcome.AtOnce : PassedOutcome.NextDay);
    }

    [Fact]
    public void A_plan_made_within_the_grace_starts_no_second_grace()
    {
        var plan = Plan(Tokyo(WhenPassed.NextDay), "Asia/Tokyo", "2026-11-27T01:40:00Z");
        Launch(plan, Tokyo(WhenPassed.NextDay), "2026-11-27T02:30:00Z").DueAt.ShouldBe(Utc("2026-11-28T01:00:00Z"));
    }

    [Theory]
    [InlineData("06:30", "Europe/Berlin", "2026-11-27T07:00:00Z", Adjustment.QuietHours)]
    [InlineData("10:00", "Europe/Berlin", "2026-11-27T09:00:00Z", Adjustment.None)]
    [InlineData("22:30", "Europe/Berlin", "2026-11-28T07:00:00Z", Adjustment.QuietHours)]
    public void What_falls_into_the_night_moves_to_the_beginning_of_the_allowed_hours(string time, string zone, string due, Adjustment adjustment)
    {
        var schedule = At(time) with { Allowed = ByDay };
        Plan(schedule, zone, "2026-11-20T00:00:00Z").ShouldBe(Sent(zone, $"2026-11-27T{time}", due, adjustment));
    }

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-27T18:00", "2026-11-27T09:00:00Z", Adjustment.None)]
    [InlineData("America/New_York", "2026-11-27T04:00", "2026-11-27T13:00:00Z", Adjustment.QuietHours)]
    public void An_instant_waits_for_the_allowed_hours_of_each_zone(string zone, string local, string due, Adjustment adjustment) =>
        Plan(new InstantSchedule(Utc("2026-11-27T09:00:00Z"), PassedRule.Default) { Allowed = ByDay }, zone, "2026-11-20T00:00:00Z")
            .ShouldBe(Sent(zone, local, due, adjustment));

    [Fact]
    public void Now_waits_for_the_allowed_hours_too()
    {
        var schedule = new NowSchedule(null) { Allowed = ByDay };
        Launch(Plan(schedule, "America/New_York", "2026-11-27T08:00:00Z"), schedule, "2026-11-27T09:00:00Z")
            .ShouldBe(Sent("America/New_York", "2026-11-27T04:00", "2026-11-27T13:00:00Z", Adjustment.QuietHours));
    }

    [Theory]
    [InlineData("2026-11-28", "10:00", "2026-11-30T09:00:00Z", Adjustment.AllowedDays)]
    [InlineData("2026-11-27", "22:30", "2026-11-30T07:00:00Z", Adjustment.AllowedDays)]
    [InlineData("2026-11-27", "10:00", "2026-11-27T09:00:00Z", Adjustment.None)]
    public void What_falls_on_another_day_comes_at_the_same_time_of_the_next_allowed_one(string date, string time, string due, Adjustment adjustment)
    {
        var schedule = At(time, date) with { Allowed = ByDay with { Days = WorkingDays } };
        Plan(schedule, "Europe/Berlin", "2026-11-20T00:00:00Z").ShouldBe(Sent("Europe/Berlin", $"{date}T{time}", due, adjustment));
    }

    [Theory]
    [InlineData("DE", "2026-12-28T09:00:00Z", Adjustment.AllowedDays)]
    [InlineData(null, "2026-12-25T09:00:00Z", Adjustment.None)]
    public void A_holiday_of_the_country_is_no_allowed_day(string? country, string due, Adjustment adjustment)
    {
        var schedule = At("10:00", "2026-12-25") with { Allowed = new AllowedTimes { Days = WorkingDays } };
        var holidays = new HolidayCalendar(new Dictionary<string, IReadOnlySet<LocalDate>> { ["DE"] = new HashSet<LocalDate> { new(2026, 12, 25) } });
        Planning.Plan(schedule, ["Europe/Berlin"], Utc("2026-12-01T00:00:00Z"), holidays, country)
            .ShouldBe([Sent("Europe/Berlin", "2026-12-25T10:00", due, adjustment) with { HolidayCountry = country }]);
    }

    [Fact]
    public void What_has_passed_comes_at_the_same_time_of_the_next_allowed_day()
    {
        var schedule = At("10:00") with { Allowed = new AllowedTimes { Days = WorkingDays } };
        Plan(schedule, "Asia/Tokyo", "2026-11-27T03:00:00Z").ShouldBe(
            Sent("Asia/Tokyo", "2026-11-28T10:00", "2026-11-30T01:00:00Z", Adjustment.AllowedDays) with { Passed = PassedOutcome.NextDay });
    }

    [Fact]
    public void What_goes_late_within_the_grace_still_respects_the_night()
    {
        var schedule = At("20:30") with { Allowed = ByDay };
        Plan(schedule, "Asia/Tokyo", "2026-11-27T12:10:00Z").ShouldBe(
            Sent("Asia/Tokyo", "2026-11-27T20:30", "2026-11-27T23:00:00Z", Adjustment.QuietHours) with { Passed = PassedOutcome.AtOnce });
    }

    [Fact]
    public void A_window_spreads_people_over_the_minutes_after_the_hour() =>
        Planning.Plan(At("10:00") with { Window = new SendWindow(4) }, ["Europe/Berlin"], Utc("2026-11-20T00:00:00Z"))
            .Select(slot => slot.DueAt).ShouldBe(
                [Utc("2026-11-27T09:00:00Z"), Utc("2026-11-27T09:01:00Z"), Utc("2026-11-27T09:02:00Z"), Utc("2026-11-27T09:03:00Z")]);

    [Fact]
    public void A_long_window_has_sixty_slots()
    {
        var slots = Planning.Plan(At("10:00") with { Window = new SendWindow(180) }, ["Europe/Berlin"], Utc("2026-11-20T00:00:00Z"));
        slots.Count.ShouldBe(60);
        (slots[1].DueAt, slots[59].DueAt).ShouldBe((Utc("2026-11-27T09:03:00Z"), Utc("2026-11-27T11:57:00Z")));
    }

    [Fact]
    public void What_is_left_of_a_window_in_the_evening_goes_on_in_the_morning()
    {
        var slots = Planning.Plan(At("20:58") with { Allowed = ByDay, Window = new SendWindow(4) }, ["Europe/Berlin"], Utc("2026-11-20T00:00:00Z"));
        slots.Select(slot => slot.DueAt).ShouldBe(
            [Utc("2026-11-27T19:58:00Z"), Utc("2026-11-27T19:59:00Z"), Utc("2026-11-28T07:00:00Z"), Utc("2026-11-28T07:01:00Z")]);
        slots.Select(slot => slot.Adjustment).ShouldBe([Adjustment.None, Adjustment.None, Adjustment.QuietHours, Adjustment.QuietHours]);
    }

    [Theory]
    [InlineData("2026-11-27T01:05:00Z", WhenPassed.Skip, "2026-11-27T01:00:00Z", null)]
    [InlineData("2026-11-27T01:40:00Z", WhenPassed.Skip, "2026-11-27T01:40:00Z", PassedOutcome.AtOnce)]
    [InlineData("2026-11-27T05:00:00Z", WhenPassed.SendNow, "2026-11-27T05:00:00Z", PassedOutcome.AtOnce)]
    [InlineData("2026-11-27T13:00:00Z", WhenPassed.SendNow, "2026-11-27T23:00:00Z", PassedOutcome.AtOnce)]
    [InlineData("2026-11-27T05:00:00Z", WhenPassed.NextDay, "2026-11-28T01:00:00Z", PassedOutcome.NextDay)]
    [InlineData("2026-11-27T05:00:00Z", WhenPassed.Skip, "2026-11-27T01:00:00Z", PassedOutcome.Missed)]
    public void A_wave_that_can_not_open_in_time_follows_the_same_rule(string now, WhenPassed whenPassed, string due, PassedOutcome? passed)
    {
        var schedule = Tokyo(whenPassed) with { Allowed = ByDay };
        var again = SchedulePlanner.Again([Plan(schedule, "Asia/Tokyo", "2026-11-20T00:00:00Z")], schedule, HolidayCalendar.Empty, Utc(now))[0];
        (again.DueAt, again.Passed).ShouldBe((Utc(due), passed));
        again.Outcome.ShouldBe(passed == PassedOutcome.Missed ? ZoneOutcome.Missed : ZoneOutcome.Send);
    }

    private static readonly AllowedTimes ByDay = new() { Hours = new AllowedHours(new LocalTime(8, 0), new LocalTime(21, 0)) };

    private static readonly Weekdays WorkingDays = Weekdays.Of(Weekday.Mon, Weekday.Tue, Weekday.Wed, Weekday.Thu, Weekday.Fri);

    private static LocalTimeSchedule At(string time, string date = "2026-11-27") =>
        new(Local($"{date}T{time}").Date, Local($"{date}T{time}").TimeOfDay, PassedRule.Default);

    private static LocalTimeSchedule Tokyo(WhenPassed whenPassed) =>
        new(BlackFriday, Ten, new PassedRule(whenPassed, Duration.FromHours(1)));

    private static ZonePlan Plan(Schedule schedule, string zone, string now) => Planning.Plan(schedule, [zone], Utc(now))[0];

    private static ZonePlan Launch(ZonePlan plan, Schedule schedule, string now) => Planning.AtLaunch([plan], schedule, Utc(now))[0];

    private static ZonePlan Sent(string zone, string local, string due, Adjustment adjustment) =>
        new(zone, Local(local), Utc(due), adjustment);
}
