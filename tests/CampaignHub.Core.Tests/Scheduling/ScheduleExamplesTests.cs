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
        Plan(Tokyo(whenPassed), "Asia/Tokyo", now).ShouldBe(Sent("Asia/Tokyo", local, due, Adjustment.Passed));

    [Fact]
    public void What_has_passed_is_missed_when_the_schedule_skips_it() =>
        Plan(Tokyo(WhenPassed.Skip), "Asia/Tokyo", "2026-11-27T03:00:00Z").ShouldBe(
            Sent("Asia/Tokyo", "2026-11-27T10:00", "2026-11-27T01:00:00Z", Adjustment.Passed) with { Outcome = ZoneOutcome.Missed });

    [Fact]
    public void A_passed_instant_steps_by_24_hours() =>
        Plan(new InstantSchedule(Utc("2026-11-27T09:00:00Z"), PassedRule.Default), "Europe/Berlin", "2026-11-27T12:00:00Z")
            .ShouldBe(Sent("Europe/Berlin", "2026-11-28T10:00", "2026-11-28T09:00:00Z", Adjustment.Passed));

    [Theory]
    [InlineData("2026-11-23T12:00:00Z", "2026-11-24T10:00", "2026-11-24T09:00:00Z", Adjustment.None)]
    [InlineData("2026-11-24T09:30:00Z", "2026-11-24T10:00", "2026-11-24T09:30:00Z", Adjustment.Passed)]
    [InlineData("2026-11-26T12:00:00Z", "2026-11-27T10:00", "2026-11-27T09:00:00Z", Adjustment.Passed)]
    public void A_plan_freezes_the_local_time(string launched, string local, string due, Adjustment adjustment)
    {
        var schedule = new LocalTimeSchedule(null, Ten, PassedRule.Default);
        var plan = Plan(schedule, "Europe/Berlin", "2026-11-23T12:00:00Z");
        Launch(plan, schedule, launched).ShouldBe(Sent("Europe/Berlin", local, due, adjustment));
    }

    [Fact]
    public void A_plan_made_within_the_grace_starts_no_second_grace()
    {
        var plan = Plan(Tokyo(WhenPassed.NextDay), "Asia/Tokyo", "2026-11-27T01:40:00Z");
        Launch(plan, Tokyo(WhenPassed.NextDay), "2026-11-27T02:30:00Z").DueAt.ShouldBe(Utc("2026-11-28T01:00:00Z"));
    }

    private static LocalTimeSchedule Tokyo(WhenPassed whenPassed) =>
        new(BlackFriday, Ten, new PassedRule(whenPassed, Duration.FromHours(1)));

    private static ZonePlan Plan(Schedule schedule, string zone, string now) => SchedulePlanner.Plan(schedule, [zone], Utc(now))[0];

    private static ZonePlan Launch(ZonePlan plan, Schedule schedule, string now) => SchedulePlanner.AtLaunch([plan], schedule, Utc(now))[0];

    private static ZonePlan Sent(string zone, string local, string due, Adjustment adjustment) =>
        new(zone, Local(local), Utc(due), adjustment);
}
