using CampaignHub.Core.Scheduling;
using NodaTime;

namespace CampaignHub.Core.Reports;

/// <summary>How long the buckets of a timeline are.</summary>
public enum TimelineInterval
{
    /// <summary>An hour of the zone's clocks. Where they jump by less than an hour, one is shorter.</summary>
    Hour,

    /// <summary>A day of the zone's calendar: 23 or 25 hours where clocks change.</summary>
    Day,
}

/// <summary>Cuts time at the hours or days of a zone. Buckets leave no gap and don't overlap, over every change of its clocks.</summary>
public static class TimelineBuckets
{
    /// <summary>Where the bucket of an instant begins.</summary>
    public static Instant StartOf(Instant at, TimelineInterval interval, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (interval == TimelineInterval.Day)
            return CalendarDay.StartFrom(at.InZone(zone).Date, zone);
        var period = zone.GetZoneInterval(at);
        var start = at - Duration.FromNanoseconds(at.InZone(zone).TimeOfDay.NanosecondOfDay % NodaConstants.NanosecondsPerHour);
        return period.HasStart ? Instant.Max(start, period.Start) : start;
    }

    /// <summary>Where the buckets begin that hold anything from one instant up to another, ascending.</summary>
    public static IReadOnlyList<Instant> Between(Instant from, Instant to, TimelineInterval interval, DateTimeZone zone)
    {
        var starts = new List<Instant>();
        for (var start = StartOf(from, interval, zone); start < to; start = Next(start, interval, zone))
            starts.Add(start);
        return starts;
    }

    /// <summary>Where the bucket after the one that begins here begins.</summary>
    public static Instant Next(Instant start, TimelineInterval interval, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (interval == TimelineInterval.Day)
            return CalendarDay.StartFrom(start.InZone(zone).Date.PlusDays(1), zone);
        var period = zone.GetZoneInterval(start);
        var hour = start + Duration.FromNanoseconds(
            NodaConstants.NanosecondsPerHour - (start.InZone(zone).TimeOfDay.NanosecondOfDay % NodaConstants.NanosecondsPerHour));
        return period.HasEnd ? Instant.Min(hour, period.End) : hour;
    }
}
