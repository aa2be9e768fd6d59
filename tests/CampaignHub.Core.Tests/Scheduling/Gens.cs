using CampaignHub.Core.Scheduling;
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

    // From days before the moment of planning to days after it.
    private static readonly Gen<int> Minutes = Gen.Int[-10 * 24 * 60, 10 * 24 * 60];

    internal static Gen<Schedule> Schedule(Instant now) => Gen.OneOf(
        Gen.Const<Schedule>(new NowSchedule(null)),
        Gen.Select(Minutes, Passed, (m, p) => (Schedule)new InstantSchedule(now + Duration.FromMinutes(m), p)),
        Gen.Select(Gen.Int[0, 1439], Passed, (m, p) => (Schedule)new LocalTimeSchedule(null, LocalTime.FromMinutesSinceMidnight(m), p)),
        Gen.Select(Gen.Int[-10, 10], Gen.Int[0, 1439], Passed, (d, m, p) =>
            (Schedule)new LocalTimeSchedule(now.InUtc().Date.PlusDays(d), LocalTime.FromMinutesSinceMidnight(m), p)));

    internal static readonly Gen<(Instant Now, Schedule Schedule)> Planning =
        Now.SelectMany(now => Schedule(now).Select(schedule => (now, schedule)));
}
