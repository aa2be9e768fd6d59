using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling.BestHours;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Scheduling;

/// <summary>Judges a schedule field by field and notes every fault, not just the first.</summary>
internal sealed class ScheduleReader(ScheduleInput input, ICollection<FieldError> errors)
{
    private const int UsualHour = 10;

    /// <summary>The schedule; to be thrown away if an error was noted meanwhile.</summary>
    internal Schedule? Read()
    {
        var zone = ReadZone();
        Schedule? schedule = ReadStrategy() switch
        {
            Strategy.Now => ReadNow(zone),
            Strategy.Instant => ReadInstant(zone),
            Strategy.LocalTime => ReadLocalTime(zone),
            Strategy.BestTime => ReadBestTime(zone),
            _ => null,
        };
        var (allowed, window, rate, cap) = new ScheduleLimitsReader(input, errors).Read();
        if (schedule is BestTimeSchedule best)
            schedule = WithAllowed(best, allowed);
        var unsure = Word<UnsureZone>("unsure_zone", input.UnsureZone) ?? UnsureZone.MostPopulous;
        if (unsure == UnsureZone.Safe && input.AllowedHours is null)
            Fault("unsure_zone", "contradiction", "unsure_zone safe needs allowed_hours: it waits until they have come in every zone of the country.");
        return schedule is null ? null : schedule with { Allowed = allowed, Window = window, Rate = rate, FrequencyCap = cap, UnsureZone = unsure };
    }

    private Strategy? ReadStrategy()
    {
        var strategy = Word<Strategy>("strategy", input.Strategy);
        if (input.Strategy is null)
            Fault("strategy", "required", "Say when to send: now, instant, local_time or best_time.");
        if (strategy is not null and not Strategy.BestTime)
            Refuse(("holdout", input.Holdout), ("explore", input.Explore));
        return strategy;
    }

    private NowSchedule ReadNow(string? zone)
    {
        Refuse(("at", input.At), ("date", input.Date), ("time", input.Time), ("when_passed", input.WhenPassed), ("grace", input.Grace));
        return new NowSchedule(zone);
    }

    private InstantSchedule ReadInstant(string? zone)
    {
        Refuse(("date", input.Date), ("time", input.Time));
        var at = Require("at", input.At, ScheduleFormats.At, "an instant in UTC such as 2026-11-27T09:00:00Z");
        if (at is { } instant)
            CheckYear("at", instant.InUtc().Date);
        return new InstantSchedule(at ?? default, ReadPassed(), zone);
    }

    private LocalTimeSchedule ReadLocalTime(string? zone)
    {
        Refuse(("at", input.At));
        var time = Require("time", input.Time, ScheduleFormats.Time, "a time of day from 00:00 to 23:59 such as 10:00");
        var date = Parse("date", input.Date, ScheduleFormats.Date, "a date that exists, such as 2026-11-27");
        if (date is { } given)
            CheckYear("date", given);
        return new LocalTimeSchedule(date, time ?? default, ReadPassed(), zone);
    }

    private BestTimeSchedule ReadBestTime(string? zone)
    {
        Refuse(("at", input.At));
        if (input.AllowedHours is null)
            Fault("allowed_hours", "required", "The strategy best_time needs allowed_hours: the hours that it may choose from.");
        var time = Parse("time", input.Time, ScheduleFormats.Time, "a full hour from 00:00 to 23:00 such as 10:00");
        if (time is { Minute: not 0 })
            Fault("time", "invalid", $"With best_time it is a full hour, such as {ScheduleFormats.Time.Format(new LocalTime(time.Value.Hour, 0))}.");
        var date = Parse("date", input.Date, ScheduleFormats.Date, "a date that exists, such as 2026-11-27");
        if (date is { } given)
            CheckYear("date", given);
        var hours = new BestTimeRule(time?.Hour ?? UsualHour, Percent("holdout", input.Holdout) ?? BestTimeRule.UsualHoldout, Percent("explore", input.Explore) ?? BestTimeRule.UsualExploration);
        return new BestTimeSchedule(date, hours, ReadPassed(), zone);
    }

    /// <summary>The fixed hour must be an allowed one: where it wasn't given, the first after the usual.</summary>
    private BestTimeSchedule WithAllowed(BestTimeSchedule schedule, AllowedTimes allowed)
    {
        schedule = schedule with { Allowed = allowed };
        var hours = schedule.AllowedHoursOfDay.ToList();
        if (hours.Count == 0)
            Fault("allowed_hours", "contradiction", "best_time sends at full hours, and no full hour is in allowed_hours.");
        else if (input.Time is null)
            return schedule with { Hours = schedule.Hours with { FixedHour = hours.MinBy(hour => (hour - UsualHour + 24) % 24) } };
        else if (!hours.Contains(schedule.Hours.FixedHour))
            Fault("time", "contradiction", "time and allowed_hours contradict each other: those held out get it at time, which isn't allowed.");
        return schedule;
    }

    private int? Percent(string field, int? percent)
    {
        if (percent is < 0 or > BestTimeRule.MostPercent)
            Fault(field, "out_of_range", $"{field} is 0 to {BestTimeRule.MostPercent} in a hundred.");
        return percent;
    }

    private PassedRule ReadPassed() => new(
        Word<WhenPassed>("when_passed", input.WhenPassed) ?? PassedRule.Default.WhenPassed,
        ReadGrace() ?? PassedRule.Default.Grace);

    private Duration? ReadGrace()
    {
        if (input.Grace is not { } text)
            return null;
        var grace = ScheduleFormats.ParseLength(text);
        if (grace is null)
            Fault("grace", "invalid", $"'{text}' is not an ISO 8601 duration in days, hours, minutes and seconds, such as PT1H.");
        if (grace > PassedRule.LongestGrace)
            Fault("grace", "out_of_range", "The grace is between PT0S and P7D.");
        return grace;
    }

    private string? ReadZone()
    {
        if (input.FallbackTimeZone is not { } id)
            return null;
        if (!TimeZones.TryParse(id, out var zone, out _))
            Fault("fallback_time_zone", "unknown_time_zone", $"'{id}' is not a time zone; take an IANA id such as Europe/Berlin.");
        return zone;
    }

    // A field that would change nothing is refused rather than swallowed.
    private void Refuse(params ReadOnlySpan<(string Field, object? Value)> fields)
    {
        foreach (var (field, value) in fields)
        {
            if (value is not null)
                Fault(field, "not_applicable", $"{field} has no effect with the strategy {input.Strategy}; leave it out.");
        }
    }

    private T? Require<T>(string field, string? text, IPattern<T> pattern, string wanted) where T : struct
    {
        if (text is null)
            Fault(field, "required", $"The strategy {input.Strategy} needs {field}: {wanted}.");
        return Parse(field, text, pattern, wanted);
    }

    private T? Parse<T>(string field, string? text, IPattern<T> pattern, string wanted) where T : struct
    {
        if (text is null)
            return null;
        if (pattern.Parse(text).TryGetValue(default, out var value))
            return value;
        Fault(field, "invalid", $"'{text}' is not {wanted}.");
        return null;
    }

    private T? Word<T>(string field, string? word) where T : struct, Enum
    {
        if (word is null)
            return null;
        var value = WireWords.Parse<T>(word);
        if (value is null)
            Fault(field, "invalid", $"'{word}' is none of {string.Join(", ", WireWords.All<T>())}.");
        return value;
    }

    private void CheckYear(string field, LocalDate date)
    {
        if (!ScheduleFormats.IsSane(date))
            Fault(field, "out_of_range", $"{field} lies between the years 2000 and 2200.");
    }

    private void Fault(string field, string code, string message) =>
        errors.Add(new FieldError($"schedule.{field}", code, message));
}
