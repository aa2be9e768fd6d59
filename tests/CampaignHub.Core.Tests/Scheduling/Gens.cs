using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Scheduling;

/// <summary>Zones with every kind of oddity, and times around them.</summary>
internal static class Gens
{
    internal static readonly string[] Zones =
    [
        "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "America/Nuuk", "Africa/Casablanca",
        "Asia/Kathmandu", "Asia/Kolkata", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "Asia/Gaza", "Etc/UTC",
        "America/Havana", "Pacific/Easter", "Asia/Tehran", "Pacific/Chatham",
    ];

    internal static readonly Gen<string> Zone = Gen.OneOf(Zones);

    // From 2010, so that Samoa's missing day is among them.
    internal static readonly Gen<LocalDateTime> Local =
        Gen.Int[0, 20 * 366 * 24 * 4].Select(quarters => new LocalDateTime(2010, 1, 1, 0, 0).PlusMinutes(15L * quarters));

    internal static readonly Gen<Instant> Now =
        Gen.Int[0, 20 * 366 * 24 * 60].Select(minutes => Instant.FromUtc(2010, 1, 1, 0, 0).Plus(Duration.FromMinutes(minutes)));

    internal static readonly Gen<PassedRule> Passed = Gen.Select(
        Gen.Enum<WhenPassed>(), Gen.Int[0, 7 * 24 * 4], (when, quarters) => new PassedRule(when, Duration.FromMinutes(15 * quarters)));

    // In quarters of an hour, so that hours begin and end in gaps and overlaps too.
    private static readonly Gen<LocalTime> Quarter = Gen.Int[0, 95].Select(q => LocalTime.FromMinutesSinceMidnight(15 * q));

    private static readonly Gen<AllowedHours?> Hours = Gen.OneOf(
        Gen.Const((AllowedHours?)null), Gen.Select(Quarter, Quarter).Where((from, to) => from != to).Select(h => (AllowedHours?)new AllowedHours(h.Item1, h.Item2)));

    private static readonly Gen<Weekdays?> Days = Gen.Int[0, 127].Select(set =>
        set == 0 ? (Weekdays?)null : Weekdays.Of(Enum.GetValues<Weekday>().Where(day => (set & 1 << ((int)day - 1)) != 0)));

    internal static readonly Gen<AllowedTimes> Allowed = Gen.Select(Hours, Days, (hours, days) => new AllowedTimes { Hours = hours, Days = days });

    // Every change of the clock from 2010 to 2030.
    internal static readonly Gen<(string Zone, Instant At)> Change = Gen.OneOf<(string, Instant)>(
    [
        .. from id in Zones
           from interval in Times.Zone(id).GetZoneIntervals(Instant.FromUtc(2010, 1, 1, 0, 0), Instant.FromUtc(2030, 1, 1, 0, 0)).Skip(1)
           select (id, interval.Start),
    ]);

    // From days before the moment of planning to days after it.
    private static readonly Gen<int> Minutes = Gen.Int[-10 * 24 * 60, 10 * 24 * 60];

    internal static Gen<Schedule> Schedule(Instant now) => Gen.OneOf(
        Gen.Const<Schedule>(new NowSchedule(null)),
        Gen.Select(Minutes, Passed, (m, p) => (Schedule)new InstantSchedule(now + Duration.FromMinutes(m), p)),
        Gen.Select(Gen.Int[0, 1439], Passed, (m, p) => (Schedule)new LocalTimeSchedule(null, LocalTime.FromMinutesSinceMidnight(m), p)),
        Gen.Select(Gen.Int[-10, 10], Gen.Int[0, 1439], Passed, (d, m, p) =>
            (Schedule)new LocalTimeSchedule(now.InUtc().Date.PlusDays(d), LocalTime.FromMinutesSinceMidnight(m), p)),
        Gen.Select(Gen.Int[-10, 10], Gen.Int[0, 23], Passed, (d, h, p) =>
            (Schedule)new BestTimeSchedule(d < -5 ? null : now.InUtc().Date.PlusDays(d), new BestTimeRule(h), p)
            {
                Allowed = new AllowedTimes { Hours = new AllowedHours(new LocalTime(h, 0), new LocalTime((h + 1) % 24, 0)) },
            }));

    private static readonly Gen<SendWindow?> Window = Gen.Int[-720, 720].Select(m => m > 0 ? new SendWindow(m) : (SendWindow?)null);

    // As the reader has them: no window is wider than the hours.
    private static readonly Gen<(AllowedTimes Allowed, SendWindow? Window)> Limits =
        Gen.Select(Allowed, Window).Where((allowed, window) => !(window?.Length > allowed.Hours?.Length));

    internal static readonly Gen<(Instant Now, Schedule Schedule)> Planning = Gen.OneOf(
        Now.SelectMany(now => Schedule(now).Select(schedule => (now, schedule))),
        Gen.Select(Now.SelectMany(now => Schedule(now).Select(schedule => (now, schedule))), Limits)
            .Select(p => (p.Item1.now, WithLimits(p.Item1.schedule, p.Item2.Allowed, p.Item2.Window))));

    private static Schedule WithLimits(Schedule schedule, AllowedTimes allowed, SendWindow? window) => schedule is BestTimeSchedule
        ? schedule with { Allowed = schedule.Allowed with { Days = allowed.Days } }
        : schedule with { Allowed = allowed, Window = window };
}
