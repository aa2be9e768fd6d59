using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class ScheduleTests
{
    private static readonly ScheduleInput LocalTimeInput = new() { Strategy = "local_time", Time = "10:00" };
    private static readonly ScheduleInput InstantInput = new() { Strategy = "instant", At = "2026-11-27T09:00:00Z" };
    private static readonly ScheduleInput NowInput = new() { Strategy = "now" };

    [Fact]
    public void The_contracts_example_is_read()
    {
        var schedule = Read(LocalTimeInput with
        {
            Date = "2026-11-27",
            FallbackTimeZone = "Europe/Berlin",
            WhenPassed = "next_day",
            Grace = "PT1H",
        });
        schedule.ShouldBe(new LocalTimeSchedule(
            new LocalDate(2026, 11, 27), new LocalTime(10, 0), new PassedRule(WhenPassed.NextDay, Duration.FromHours(1)), "Europe/Berlin"));
        schedule.Rule.ShouldBe("local_time 10:00");
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        Read(LocalTimeInput).ShouldBe(new LocalTimeSchedule(null, new LocalTime(10, 0), PassedRule.Default));
        Read(InstantInput).ShouldBe(new InstantSchedule(Utc("2026-11-27T09:00:00Z"), PassedRule.Default));
        Read(NowInput).ShouldBe(new NowSchedule(null));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(10_000_000, true)]
    [InlineData(0, false)]
    [InlineData(10_000_001, false)]
    public void A_rate_is_one_to_ten_million_an_hour_and_goes_with_each_strategy(int rate, bool isRead)
    {
        foreach (var input in (ScheduleInput[])[LocalTimeInput, InstantInput, NowInput])
        {
            var errors = new List<FieldError>();
            Schedule.TryCreate(input with { Rate = rate }, out var schedule, errors).ShouldBe(isRead);
            (schedule?.Rate, schedule?.ToInput().Rate).ShouldBe(isRead ? (rate, rate) : (null, null));
            errors.Select(e => (e.Path, e.Code)).ShouldBe(isRead ? [] : [("schedule.rate", "out_of_range")]);
        }
    }

    private static readonly ScheduleInput BestTimeInput = new() { Strategy = "best_time", AllowedHours = new AllowedHoursInput { From = "08:00", To = "21:00" } };

    [Fact]
    public void The_best_hour_needs_the_hours_to_choose_from_and_says_the_rest_by_itself()
    {
        var schedule = Read(BestTimeInput).ShouldBeOfType<BestTimeSchedule>();
        schedule.Hours.ShouldBe(new BestTimeRule(10, 10, 5));
        schedule.AllowedHoursOfDay.ShouldBe(Enumerable.Range(8, 13));
        Read(BestTimeInput with { Date = "2026-11-27", Time = "15:00", Holdout = 0, Explore = 50 })
            .ShouldBe(schedule with { Date = new LocalDate(2026, 11, 27), Hours = new BestTimeRule(15, 0, 50) });
        Read(BestTimeInput with { AllowedHours = new AllowedHoursInput { From = "17:30", To = "09:00" } }).ShouldBeOfType<BestTimeSchedule>().Hours.FixedHour.ShouldBe(18);
        Refused(BestTimeInput with { AllowedHours = null }, "schedule.allowed_hours", "required");
        Refused(BestTimeInput with { AllowedHours = new AllowedHoursInput { From = "08:10", To = "08:50" } }, "schedule.allowed_hours", "contradiction");
        Refused(BestTimeInput with { Time = "10:30" }, "schedule.time", "invalid");
        Refused(BestTimeInput with { Time = "22:00" }, "schedule.time", "contradiction");
        Refused(BestTimeInput with { Holdout = 51 }, "schedule.holdout", "out_of_range");
        Refused(BestTimeInput with { Explore = -1 }, "schedule.explore", "out_of_range");
        Refused(LocalTimeInput with { Holdout = 10 }, "schedule.holdout", "not_applicable");
    }

    [Fact]
    public void To_be_safe_where_a_zone_is_guessed_needs_allowed_hours()
    {
        Read(BestTimeInput with { UnsureZone = "safe" }).UnsureZone.ShouldBe(UnsureZone.Safe);
        Read(LocalTimeInput with { UnsureZone = "skip" }).ToInput().UnsureZone.ShouldBe("skip");
        Read(LocalTimeInput with { UnsureZone = "most_populous" }).ShouldBe(Read(LocalTimeInput));
        Refused(LocalTimeInput with { UnsureZone = "safe" }, "schedule.unsure_zone", "contradiction");
        Refused(LocalTimeInput with { UnsureZone = "ask" }, "schedule.unsure_zone", "invalid");
    }

    [Fact]
    public void Rules_are_short_and_stable()
    {
        Read(BestTimeInput).Rule.ShouldBe("best_time");
        Read(NowInput).Rule.ShouldBe("now");
        Read(InstantInput).Rule.ShouldBe("instant");
    }

    [Theory]
    [InlineData("PT0S", 0)]
    [InlineData("PT90M", 5_400)]
    [InlineData("P1DT12H", 129_600)]
    [InlineData("P1W", 604_800)]
    [InlineData("PT168H", 604_800)]
    public void Graces_of_fixed_length_are_read(string grace, int seconds) =>
        Read(LocalTimeInput with { Grace = grace }).ShouldBeOfType<LocalTimeSchedule>()
            .Passed.Grace.ShouldBe(Duration.FromSeconds(seconds));

    [Theory]
    [InlineData("1H")]
    [InlineData("PT-1H")]
    [InlineData("-PT1H")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("PT0.5S")]
    [InlineData("PT")]
    [InlineData("P")]
    [InlineData("")]
    [InlineData("01:00")]
    [InlineData("PT99999999999999999999H")]
    public void Other_graces_are_refused(string grace) => Refused(LocalTimeInput with { Grace = grace }, "schedule.grace", "invalid");

    [Theory]
    [InlineData("P7DT1S")]
    [InlineData("PT1000000H")]
    public void A_grace_beyond_a_week_is_refused(string grace) =>
        Refused(LocalTimeInput with { Grace = grace }, "schedule.grace", "out_of_range");

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("2026-2-3")]
    [InlineData("27.11.2026")]
    [InlineData("2026-11-27T10:00")]
    [InlineData("")]
    [InlineData("٢٠٢٦-11-27")]
    public void Dates_that_do_not_exist_are_refused(string date) => Refused(LocalTimeInput with { Date = date }, "schedule.date", "invalid");

    [Theory]
    [InlineData("1999-12-31")]
    [InlineData("2201-01-01")]
    public void Dates_of_another_age_are_refused(string date) => Refused(LocalTimeInput with { Date = date }, "schedule.date", "out_of_range");

    [Theory]
    [InlineData("24:00")]
    [InlineData("9:00")]
    [InlineData("10:60")]
    [InlineData("10:00:00")]
    [InlineData("10 am")]
    [InlineData(" 10:00")]
    public void Times_that_do_not_exist_are_refused(string time) => Refused(LocalTimeInput with { Time = time }, "schedule.time", "invalid");

    [Theory]
    [InlineData("2026-11-27T10:00:00+01:00")]
    [InlineData("2026-11-27T10:00:00")]
    [InlineData("2026-11-27")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("2026-11-27T10:00:00.1234567Z")]
    public void Instants_not_in_utc_are_refused(string at) => Refused(InstantInput with { At = at }, "schedule.at", "invalid");

    [Fact]
    public void Instants_of_another_age_are_refused() =>
        Refused(InstantInput with { At = "1999-12-31T23:59:59Z" }, "schedule.at", "out_of_range");

    [Theory]
    [InlineData("Mars/Base")]
    [InlineData("UTC+03:17")]
    [InlineData("europe/berlin\0")]
    [InlineData("")]
    public void Unknown_zones_are_refused_by_name(string zone)
    {
        var error = Refused(NowInput with { FallbackTimeZone = zone }, "schedule.fallback_time_zone", "unknown_time_zone");
        error.Message.ShouldStartWith($"'{zone}' is not a time zone");
    }

    [Fact]
    public void Required_fields_are_required()
    {
        Refused(new ScheduleInput(), "schedule.strategy", "required");
        Refused(new ScheduleInput { Strategy = "local_time" }, "schedule.time", "required");
        Refused(new ScheduleInput { Strategy = "instant" }, "schedule.at", "required");
    }

    [Fact]
    public void Words_of_no_meaning_are_refused()
    {
        Refused(new ScheduleInput { Strategy = "tomorrow" }, "schedule.strategy", "invalid");
        Refused(LocalTimeInput with { WhenPassed = "Skip" }, "schedule.when_passed", "invalid");
    }

    [Fact]
    public void Fields_without_effect_are_refused()
    {
        Refused(NowInput with { At = "2026-11-27T09:00:00Z" }, "schedule.at", "not_applicable");
        Refused(NowInput with { Date = "2026-11-27" }, "schedule.date", "not_applicable");
        Refused(NowInput with { Time = "10:00" }, "schedule.time", "not_applicable");
        Refused(NowInput with { WhenPassed = "skip" }, "schedule.when_passed", "not_applicable");
        Refused(NowInput with { Grace = "PT1H" }, "schedule.grace", "not_applicable");
        Refused(InstantInput with { Date = "2026-11-27" }, "schedule.date", "not_applicable");
        Refused(InstantInput with { Time = "10:00" }, "schedule.time", "not_applicable");
        Refused(LocalTimeInput with { At = "2026-11-27T09:00:00Z" }, "schedule.at", "not_applicable");
    }

    [Fact]
    public void Allowed_times_and_a_window_go_with_every_strategy()
    {
        foreach (var input in new[] { NowInput, InstantInput, LocalTimeInput })
        {
            var schedule = Read(input with
            {
                AllowedHours = new() { From = "22:00", To = "06:00" },
                AllowedDays = ["sun", "mon", "sun"],
                Window = "PT2H",
            });
            schedule.Allowed.ShouldBe(new AllowedTimes
            {
                Hours = new AllowedHours(new LocalTime(22, 0), new LocalTime(6, 0)),
                Days = Weekdays.Of(Weekday.Mon, Weekday.Sun),
            });
            schedule.Window.ShouldBe(new SendWindow(120));
            schedule.ToInput().AllowedDays.ShouldBe(["mon", "sun"]);
            schedule.ToInput().Window.ShouldBe("PT2H");
        }
    }

    [Theory]
    [InlineData("8:00", "21:00", "schedule.allowed_hours.from", "invalid")]
    [InlineData("08:00", "24:00", "schedule.allowed_hours.to", "invalid")]
    [InlineData(null, "21:00", "schedule.allowed_hours.from", "required")]
    [InlineData("08:00", null, "schedule.allowed_hours.to", "required")]
    public void Hours_that_are_none_are_refused(string? from, string? to, string path, string code) =>
        Refused(LocalTimeInput with { AllowedHours = new() { From = from, To = to } }, path, code);

    [Fact]
    public void Days_that_are_none_are_refused_by_their_place()
    {
        Refused(NowInput with { AllowedDays = [] }, "schedule.allowed_days", "empty");
        Refused(NowInput with { AllowedDays = ["mon", "Monday"] }, "schedule.allowed_days[1]", "invalid");
        Refused(NowInput with { AllowedDays = [null!] }, "schedule.allowed_days[0]", "invalid");
    }

    [Theory]
    [InlineData("PT30S", "invalid")]
    [InlineData("PT90S", "invalid")]
    [InlineData("1h", "invalid")]
    [InlineData("PT0S", "out_of_range")]
    [InlineData("PT12H1M", "out_of_range")]
    public void Windows_that_can_not_be_are_refused(string window, string code) =>
        Refused(LocalTimeInput with { Window = window }, "schedule.window", code);

    [Fact]
    public void Contradictions_name_both_fields()
    {
        Faults(LocalTimeInput with { AllowedHours = new() { From = "08:00", To = "08:00" } })
            .ShouldBe([("schedule.allowed_hours.from", "contradiction"), ("schedule.allowed_hours.to", "contradiction")]);
        Faults(LocalTimeInput with { AllowedHours = new() { From = "22:00", To = "02:00" }, Window = "PT4H1M" })
            .ShouldBe([("schedule.window", "contradiction"), ("schedule.allowed_hours", "contradiction")]);
        Read(LocalTimeInput with { AllowedHours = new() { From = "22:00", To = "02:00" }, Window = "PT4H" });
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var errors = new List<FieldError> { new("name", "required", "A campaign has a name.") };
        var input = LocalTimeInput with { Date = "2026-02-30", Time = "24:00", FallbackTimeZone = "Mars/Base", Grace = "P8D" };
        Schedule.TryCreate(input, out var schedule, errors).ShouldBeFalse();
        schedule.ShouldBeNull();
        errors.Select(e => e.Path).ShouldBe(
            ["name", "schedule.fallback_time_zone", "schedule.time", "schedule.date", "schedule.grace"]);
    }

    [Fact]
    public void What_is_shown_reads_back_as_the_same_schedule() =>
        Gens.Planning.Sample(p => Read(p.Schedule.ToInput()) == p.Schedule);

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.Select(Gen.String, Gen.OneOf("now", "instant", "local_time", "best_time", "")).Sample((text, strategy) =>
        {
            var input = new ScheduleInput
            {
                Strategy = strategy,
                At = text,
                Date = text,
                Time = text,
                FallbackTimeZone = text,
                WhenPassed = text,
                Grace = text,
                AllowedHours = new() { From = text, To = text },
                AllowedDays = [text],
                Window = text,
            };
            var errors = new List<FieldError>();
            return !Schedule.TryCreate(input, out _, errors) && errors.Count > 0;
        });

    [Fact]
    public void The_time_zone_edition_is_named() => TimeZoneData.Edition.ShouldMatch("^20[0-9]{2}[a-z]$");

    [Fact]
    public void Time_zone_data_is_read_from_a_file_and_anything_else_is_none()
    {
        using var bundled = typeof(DateTimeZone).Assembly.GetManifestResourceStream("NodaTime.TimeZones.Tzdb.nzd")!;
        using var whole = new MemoryStream();
        bundled.CopyTo(whole);
        TimeZoneData.Read(new MemoryStream(whole.ToArray()))!.TzdbVersion.ShouldBe(TimeZoneData.Edition);
        TimeZoneData.Read(new MemoryStream(whole.ToArray()[..5_000])).ShouldBeNull();
        TimeZoneData.Read(new MemoryStream("not zones"u8.ToArray())).ShouldBeNull();
        TimeZoneData.Read(new MemoryStream()).ShouldBeNull();
    }

    private static Schedule Read(ScheduleInput input)
    {
        var errors = new List<FieldError>();
        Schedule.TryCreate(input, out var schedule, errors).ShouldBeTrue(string.Join('\n', errors));
        return schedule!;
    }

    private static FieldError Refused(ScheduleInput input, string path, string code)
    {
        var errors = new List<FieldError>();
        Schedule.TryCreate(input, out _, errors).ShouldBeFalse();
        var error = errors.ShouldHaveSingleItem();
        (error.Path, error.Code).ShouldBe((path, code));
        return error;
    }

    private static IEnumerable<(string, string)> Faults(ScheduleInput input)
    {
        var errors = new List<FieldError>();
        Schedule.TryCreate(input, out _, errors).ShouldBeFalse();
        return errors.Select(e => (e.Path, e.Code));
    }
}
