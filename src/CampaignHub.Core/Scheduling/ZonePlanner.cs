using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>
/// Plans one zone, always in this order: the strategy's moment, gaps and overlaps, allowed hours and days, what has
/// passed (whose new moment must be allowed again), the window.
/// </summary>
internal sealed class ZonePlanner
{
    private readonly PlanPlace _place;
    private readonly DateTimeZone _zone;
    private readonly AllowedPlace _allowed;
    private readonly SendWindow? _window;
    private readonly Occurrences? _occurrences;

    private ZonePlanner(Schedule schedule, PlanPlace place, HolidayCalendar holidays)
    {
        _place = place;
        _zone = TimeZoneData.Zones[place.TimeZone];
        _allowed = AllowedPlace.Of(schedule.Allowed, holidays, place.TimeZone, place.HolidayCountry, place.UnsureCountry);
        _window = schedule.Window;
        _occurrences = Occurrences.Of(schedule, place, _zone);
    }

    internal static ZonePlanner For(Schedule schedule, PlanPlace place, HolidayCalendar holidays) => new(schedule, place, holidays);

    /// <summary>Each of these slots at the moment that the schedule asks for.</summary>
    internal IEnumerable<ZonePlan> Plan(Instant now, IEnumerable<int> slots) => Spread(
        _occurrences is { } occurrences ? Settle(occurrences, occurrences.First(now), now) : Planned(null, null, Adjustment.None), slots);

    /// <summary>Each of these slots of a frozen plan, at the instant that is right today.</summary>
    internal IEnumerable<ZonePlan> Launch(ZonePlan frozen, Instant now, IEnumerable<int> slots) =>
        Spread(_occurrences is { } occurrences ? Relaunch(occurrences, frozen, now) : AtOnce(now.InZone(_zone).LocalDateTime, now, Adjustment.None), slots);

    /// <summary>One slot of a launched plan, looked at again before its wave opens.</summary>
    internal ZonePlan Again(ZonePlan launched, Instant now) => IfPassed(ByTodaysZoneData(launched), now, SchedulePlanner.OnTime);

    /// <summary>One slot of a launched plan, come here from another place. Each slot has an instant of its own by now, and it is that which may have passed.</summary>
    internal ZonePlan From(ZonePlan elsewhere, Instant now)
    {
        var inThisZone = elsewhere.TimeZone == _place.TimeZone;
        return IfPassed(
            inThisZone && elsewhere.Passed == PassedOutcome.AtOnce ? Kept(elsewhere) : Wanted(elsewhere), now, inThisZone ? SchedulePlanner.OnTime : Duration.Zero);
    }

    private ZonePlan IfPassed(ZonePlan current, Instant now, Duration onTime)
    {
        var dueAt = current.DueAt!.Value;
        if (now - dueAt <= onTime)
            return current;
        if (_occurrences is not { } occurrences)
            return Late(current, now, current.Adjustment);
        if (occurrences.PassedRule.SendsAtOnce(now - dueAt))
            return Late(current, now, Adjustment.Passed) with { Passed = PassedOutcome.AtOnce };
        if (occurrences.PassedRule.WhenPassed == WhenPassed.Skip)
            return current with { Adjustment = Adjustment.Passed, Outcome = ZoneOutcome.Missed, Passed = PassedOutcome.Missed };
        var passed = new Occurrence(current.Local!.Value, dueAt, current.Adjustment);
        return Spread(OnNextDay(occurrences.After(passed, now)), [current.Slot]).Single();
    }

    private ZonePlan Kept(ZonePlan elsewhere)
    {
        var (dueAt, moved) = AllowedMove.Of(_allowed, elsewhere.DueAt!.Value);
        return Planned(elsewhere.Local, dueAt, Last(elsewhere.Adjustment, moved)) with { Slot = elsewhere.Slot, Passed = elsewhere.Passed };
    }

    private ZonePlan Wanted(ZonePlan elsewhere)
    {
        var local = elsewhere.Local!.Value;
        var wanted = _occurrences?.Frozen(local) ?? new Occurrence(local, LocalTimes.Resolve(local, _zone).DueAt, Adjustment.None);
        return InSlot(wanted, elsewhere.Passed == PassedOutcome.NextDay ? PassedOutcome.NextDay : null, elsewhere.Slot);
    }

    // What goes late has an instant of its own, which no local time leads back to.
    private ZonePlan ByTodaysZoneData(ZonePlan launched)
    {
        if (_occurrences is null || launched.Passed == PassedOutcome.AtOnce)
            return launched;
        var current = InSlot(_occurrences.Frozen(launched.Local!.Value), launched.Passed, launched.Slot);
        return current.DueAt == launched.DueAt ? launched : current;
    }

    private ZonePlan InSlot(Occurrence wanted, PassedOutcome? passed, int slot)
    {
        var (dueAt, moved) = AllowedMove.Of(_allowed, wanted.DueAt);
        var why = passed is null ? wanted.Adjustment : Adjustment.Passed;
        return Spread(Planned(wanted.Local, dueAt, Last(why, moved)) with { Passed = passed }, [slot]).Single();
    }

    private ZonePlan Late(ZonePlan plan, Instant now, Adjustment why)
    {
        var (dueAt, moved) = AllowedMove.Of(_allowed, now);
        return plan with { DueAt = dueAt, Adjustment = Last(why, moved) };
    }

    private ZonePlan Relaunch(Occurrences occurrences, ZonePlan frozen, Instant now)
    {
        var local = frozen.Local ?? throw new ArgumentException($"The plan froze no local time for {frozen.TimeZone}.", nameof(frozen));
        var settled = Settle(occurrences, occurrences.Frozen(local), now);

        // Once moved to a later day, the reason stays visible.
        return settled.Passed is null && frozen.Passed == PassedOutcome.NextDay
            ? settled with { Passed = PassedOutcome.NextDay, Adjustment = Last(Adjustment.Passed, settled.Adjustment) }
            : settled;
    }

    private ZonePlan Settle(Occurrences occurrences, Occurrence wanted, Instant now)
    {
        var rule = occurrences.PassedRule;
        var (dueAt, moved) = AllowedMove.Of(_allowed, wanted.DueAt);
        if (dueAt >= now)
            return Planned(wanted.Local, dueAt, Last(wanted.Adjustment, moved));
        if (rule.SendsAtOnce(now - dueAt))
            return AtOnce(wanted.Local, now, Adjustment.Passed) with { Passed = PassedOutcome.AtOnce };
        return rule.WhenPassed == WhenPassed.Skip
            ? Planned(wanted.Local, dueAt, Adjustment.Passed) with { Outcome = ZoneOutcome.Missed, Passed = PassedOutcome.Missed }
            : OnNextDay(occurrences.After(wanted, now));
    }

    private ZonePlan OnNextDay(Occurrence next)
    {
        var (dueAt, moved) = AllowedMove.Of(_allowed, next.DueAt);
        return Planned(next.Local, dueAt, Last(Adjustment.Passed, moved)) with { Passed = PassedOutcome.NextDay };
    }

    private ZonePlan AtOnce(LocalDateTime local, Instant now, Adjustment why)
    {
        var (dueAt, moved) = AllowedMove.Of(_allowed, now);
        return Planned(local, dueAt, Last(why, moved));
    }

    private ZonePlan Planned(LocalDateTime? local, Instant? dueAt, Adjustment adjustment) =>
        new(_place.TimeZone, local, dueAt, adjustment)
        {
            HolidayCountry = _place.HolidayCountry,
            UnsureCountry = _place.UnsureCountry,
            Hour = _place.Hour,
            Arm = _place.Arm,
        };

    private IEnumerable<ZonePlan> Spread(ZonePlan first, IEnumerable<int> slots)
    {
        if (_window is not { } window || first is { DueAt: null } or { Outcome: ZoneOutcome.Missed })
            return slots.Select(slot => first with { Slot = slot });
        var moments = window.From(new AllowedMove(first.DueAt.Value, Adjustment.None), _allowed);
        return slots.Select(slot => first with
        {
            Slot = slot,
            DueAt = moments[slot].DueAt,
            Adjustment = Last(first.Adjustment, moments[slot].Adjustment),
        });
    }

    private static Adjustment Last(Adjustment before, Adjustment after) =>
        after is Adjustment.QuietHours or Adjustment.AllowedDays ? after : before;
}
