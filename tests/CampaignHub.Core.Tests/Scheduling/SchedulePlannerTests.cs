using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class SchedulePlannerTests
{
    [Fact]
    public void Zones_are_planned_once_each_in_the_order_of_their_ids() =>
        Planning.Plan(new NowSchedule(null), ["Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"], Utc("2026-11-27T00:00:00Z"))
            .Select(plan => plan.TimeZone).ShouldBe(["Asia/Tokyo", "Europe/Berlin"]);

    [Fact]
    public void Nobody_to_plan_for_is_an_empty_plan() =>
        Planning.Plan(new NowSchedule(null), [], Utc("2026-11-27T00:00:00Z")).ShouldBeEmpty();

    [Fact]
    public void What_is_due_this_very_moment_has_not_passed()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2026, 11, 27), new LocalTime(10, 0), new PassedRule(WhenPassed.Skip, Duration.Zero));
        var due = Utc("2026-11-27T01:00:00Z");
        Plan(schedule, "Asia/Tokyo", due).ShouldBe(new ZonePlan("Asia/Tokyo", Local("2026-11-27T10:00"), due, Adjustment.None));
        Plan(schedule, "Asia/Tokyo", due + Duration.Epsilon).Outcome.ShouldBe(ZoneOutcome.Missed);
    }

    [Fact]
    public void The_grace_includes_its_last_moment()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2026, 11, 27), new LocalTime(10, 0), PassedRule.Default);
        var last = Utc("2026-11-27T02:00:00Z");
        Plan(schedule, "Asia/Tokyo", last).DueAt.ShouldBe(last);
        Plan(schedule, "Asia/Tokyo", last + Duration.Epsilon).DueAt.ShouldBe(Utc("2026-11-28T01:00:00Z"));
    }

    [Fact]
    public void A_date_long_ago_moves_to_the_next_day_ahead()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2000, 1, 1), new LocalTime(10, 0), PassedRule.Default);
        var plan = Plan(schedule, "Asia/Tokyo", Utc("2026-11-27T00:30:00Z"));
        plan.ShouldBe(new ZonePlan("Asia/Tokyo", Local("2026-11-27T10:00"), Utc("2026-11-27T01:00:00Z"), Adjustment.Passed) { Passed = PassedOutcome.NextDay });
    }

    [Fact]
    public void A_gap_over_midnight_still_ahead_is_the_next_occurrence()
    {
        // Nuuk's clock goes from 23:00 on the 27th to 00:00 on the 28th: 23:30 of the 27th is 00:30 of the 28th.
        var schedule = new LocalTimeSchedule(null, new LocalTime(23, 30), PassedRule.Default);
        Plan(schedule, "America/Nuuk", Utc("2027-03-28T01:10:00Z"))
            .ShouldBe(new ZonePlan("America/Nuuk", Local("2027-03-27T23:30"), Utc("2027-03-28T01:30:00Z"), Adjustment.Gap));
    }

    [Fact]
    public void The_second_showing_of_an_overlap_does_not_send_twice()
    {
        var schedule = new LocalTimeSchedule(null, new LocalTime(1, 30), PassedRule.Default);
        Plan(schedule, "America/New_York", Utc("2026-11-01T06:10:00Z")).DueAt.ShouldBe(Utc("2026-11-02T06:30:00Z"));
    }

    [Fact]
    public void An_instant_moved_to_a_later_day_keeps_it_at_launch_in_an_overlap()
    {
        // 05:30Z and 06:30Z both show 01:30 in New York on this day; the frozen local time alone could mean either.
        var schedule = new InstantSchedule(Utc("2026-10-31T06:30:00Z"), PassedRule.Default);
        var plan = Plan(schedule, "America/New_York", Utc("2026-10-31T12:00:00Z"));
        plan.ShouldBe(new ZonePlan("America/New_York", Local("2026-11-01T01:30"), Utc("2026-11-01T06:30:00Z"), Adjustment.Passed) { Passed = PassedOutcome.NextDay });
        Planning.AtLaunch([plan], schedule, Utc("2026-10-31T13:00:00Z")).ShouldBe([plan]);
        Planning.AtLaunch([plan], schedule, Utc("2026-11-01T06:40:00Z"))[0].DueAt.ShouldBe(Utc("2026-11-01T06:40:00Z"));
    }

    [Fact]
    public void Launching_right_away_changes_nothing() =>
        Gens.Planning.Where(p => p.Schedule is not NowSchedule).Sample(p =>
        {
            var plan = Planning.Plan(p.Schedule, Gens.Zones, p.Now);
            return Planning.AtLaunch(plan, p.Schedule, p.Now).SequenceEqual(plan);
        });

    [Fact]
    public void Launching_twice_at_one_moment_changes_nothing() =>
        Gen.Select(Gens.Planning, Gen.Int[0, 20_000]).Sample((p, minutes) =>
        {
            var later = p.Now + Duration.FromMinutes(minutes);
            var once = Planning.AtLaunch(Planning.Plan(p.Schedule, Gens.Zones, p.Now), p.Schedule, later);
            return Planning.AtLaunch(once, p.Schedule, later).SequenceEqual(once);
        });

    [Fact]
    public void Nothing_is_launched_into_the_past_and_what_is_missed_lies_in_it() =>
        Gen.Select(Gens.Planning, Gen.Int[0, 20_000]).Sample((p, minutes) =>
        {
            var later = p.Now + Duration.FromMinutes(minutes);
            return Planning.AtLaunch(Planning.Plan(p.Schedule, Gens.Zones, p.Now), p.Schedule, later)
                .All(zone => zone.Local is not null && zone.Outcome == ZoneOutcome.Send == (zone.DueAt >= later));
        });

    [Fact]
    public void Nothing_is_due_outside_of_the_allowed_times() =>
        Gen.Select(Gens.Planning, Gen.Int[0, 20_000]).Sample((p, minutes) =>
        {
            var later = p.Now + Duration.FromMinutes(minutes);
            var plan = Planning.Plan(p.Schedule, Gens.Zones, p.Now);
            return plan.Where(z => z.DueAt is not null).Concat(Planning.AtLaunch(plan, p.Schedule, later)).All(
                z => z.Outcome == ZoneOutcome.Missed || p.Schedule.Allowed.IsAllowed(z.DueAt!.Value, Zone(z.TimeZone)));
        });

    [Fact]
    public void Limits_never_make_anything_earlier() =>
        Gens.Planning.Sample(p =>
        {
            var free = Planning.Plan(p.Schedule with { Allowed = AllowedTimes.Always, Window = null }, Gens.Zones, p.Now).ToDictionary(z => z.TimeZone);
            // Where the moment itself has passed, a limit may have moved it to where it hasn't, before the next day's.
            return Planning.Plan(p.Schedule, Gens.Zones, p.Now).Where(z => z.Passed is null && free[z.TimeZone].Passed is null)
                .All(z => z.DueAt is null || z.DueAt >= free[z.TimeZone].DueAt);
        });

    [Fact]
    public void The_slots_of_a_window_follow_each_other() =>
        Gens.Planning.Sample(p =>
        {
            var plan = Planning.Plan(p.Schedule, Gens.Zones, p.Now);
            return plan.Zip(plan.Skip(1)).All(pair => pair.First.TimeZone != pair.Second.TimeZone
                || (pair.First.Slot < pair.Second.Slot && !(pair.First.DueAt > pair.Second.DueAt)));
        });

    [Fact]
    public void Looking_again_in_time_changes_nothing() =>
        Gen.Select(Gens.Planning, Gen.Int[0, 300]).Sample((p, seconds) =>
        {
            var launched = Planning.AtLaunch(Planning.Plan(p.Schedule, Gens.Zones, p.Now), p.Schedule, p.Now)
                .Where(z => z.Outcome == ZoneOutcome.Send).ToList();
            return launched.All(z => SchedulePlanner.Again([z], p.Schedule, HolidayCalendar.Empty, z.DueAt!.Value + Duration.FromSeconds(seconds))[0] == z);
        });

    [Fact]
    public void Looking_again_late_sends_nothing_earlier_nor_outside_of_the_allowed_times_and_once_is_enough() =>
        Gen.Select(Gens.Planning, Gen.Int[6, 20_000]).Sample((p, minutes) =>
        {
            var launched = Planning.AtLaunch(Planning.Plan(p.Schedule, Gens.Zones, p.Now), p.Schedule, p.Now)
                .Where(z => z.Outcome == ZoneOutcome.Send).ToList();
            var later = launched.Count == 0 ? p.Now : launched.Min(z => z.DueAt!.Value) + Duration.FromMinutes(minutes);
            var again = SchedulePlanner.Again(launched, p.Schedule, HolidayCalendar.Empty, later).Where(z => z.Outcome == ZoneOutcome.Send).ToList();
            return again.All(z => z.DueAt >= later - SchedulePlanner.OnTime && p.Schedule.Allowed.IsAllowed(z.DueAt.Value, Zone(z.TimeZone)))
                && SchedulePlanner.Again(again, p.Schedule, HolidayCalendar.Empty, later).SequenceEqual(again);
        });

    [Fact]
    public void The_next_occurrence_is_the_first_one_ahead() =>
        Gen.Select(Gens.Now, Gen.Int[0, 1439], Gens.Zone).Sample((now, minute, id) =>
        {
            var time = LocalTime.FromMinutesSinceMidnight(minute);
            var plan = Plan(new LocalTimeSchedule(null, time, PassedRule.Default), id, now);
            var dayBefore = LocalTimes.Resolve(plan.Local!.Value.PlusDays(-1), Zone(id)).DueAt;
            return plan.DueAt > now && dayBefore <= now && plan.Local.Value.TimeOfDay == time;
        });

    private static ZonePlan Plan(Schedule schedule, string zone, Instant now) => Planning.Plan(schedule, [zone], now)[0];
}
