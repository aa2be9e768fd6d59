using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Scheduling;

/// <summary>A second opinion from the operating system's own zone data, on zones whose rules have long been stable.</summary>
public sealed class SystemZonesTests
{
    private static readonly string[] StableZones =
    [
        "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu",
        "Africa/Johannesburg", "America/Los_Angeles",
    ];

    private static readonly Gen<LocalDateTime> Local =
        Gen.Int[0, 4 * 365 * 96].Select(quarters => new LocalDateTime(2025, 1, 1, 0, 0).PlusMinutes(15L * quarters));

    [SystemZonesFact]
    public void The_operating_system_agrees() =>
        Gen.Select(Gen.OneOf(StableZones), Local).Sample(
            (id, local) => LocalTimes.Resolve(local, Times.Zone(id)).DueAt == BySystem(id, local), iter: 3_000);

    [SystemZonesFact]
    public void The_operating_system_agrees_at_every_change_of_the_clock()
    {
        foreach (var id in StableZones)
        {
            foreach (var change in Times.Zone(id).GetZoneIntervals(new Interval(Start, End)).Skip(1))
            {
                for (var minutes = -180; minutes <= 180; minutes += 15)
                {
                    var local = change.IsoLocalStart.PlusMinutes(minutes);
                    LocalTimes.Resolve(local, Times.Zone(id)).DueAt.ShouldBe(BySystem(id, local), $"{id} {local}");
                }
            }
        }
    }

    private static Instant Start => Instant.FromUtc(2025, 1, 1, 0, 0);

    private static Instant End => Instant.FromUtc(2029, 1, 1, 0, 0);

    private static Instant BySystem(string id, LocalDateTime local)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var time = local.ToDateTimeUnspecified();
        var offset = zone.IsInvalidTime(time) ? zone.GetUtcOffset(time.AddHours(-6))
            : zone.IsAmbiguousTime(time) ? zone.GetAmbiguousTimeOffsets(time).Max()
            : zone.GetUtcOffset(time);
        return local.InUtc().ToInstant() - Duration.FromTimeSpan(offset);
    }
}

/// <summary>Skipped, saying so, where the system has no zone data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemZonesFactAttribute : FactAttribute
{
    public SystemZonesFactAttribute()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById("Australia/Lord_Howe", out _))
            Skip = "The operating system has no time zone data.";
    }
}
