using NodaTime;
using NodaTime.TimeZones;

namespace CampaignHub.Core.Scheduling;

/// <summary>The instant at which a clock in some zone shows a local time, and what had to be done to find one.</summary>
/// <param name="DueAt">The instant.</param>
/// <param name="Adjustment"><c>none</c>, <c>gap</c> or <c>overlap</c>.</param>
public readonly record struct ResolvedLocal(Instant DueAt, Adjustment Adjustment);

/// <summary>From local time to instant: the one policy for hours that a clock skips or shows twice.</summary>
public static class LocalTimes
{
    /// <summary>
    /// Skipped: forward by the gap's length (02:30 becomes 03:30), so that nobody is left out and order is kept.
    /// Shown twice: the earlier, so that nobody is late and nobody gets it twice.
    /// </summary>
    public static ZoneLocalMappingResolver ForwardInGapEarlierInOverlap { get; } =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    /// <summary>The instant of this local time in this zone; there always is exactly one.</summary>
    public static ResolvedLocal Resolve(LocalDateTime local, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var mapping = zone.MapLocal(local);
        return new ResolvedLocal(ForwardInGapEarlierInOverlap(mapping).ToInstant(), AdjustmentFor(mapping));
    }

    private static Adjustment AdjustmentFor(ZoneLocalMapping mapping) => mapping.Count switch
    {
        0 => Adjustment.Gap,
        1 => Adjustment.None,
        _ => Adjustment.Overlap,
    };
}
