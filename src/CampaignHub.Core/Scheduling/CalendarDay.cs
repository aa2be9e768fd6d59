using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>A day of a zone's calendar: mostly 24 hours, 23 or 25 where clocks change, none where the zone crossed the date line.</summary>
public static class CalendarDay
{
    /// <summary>Where a day begins; of one that the zone has skipped (Samoa had no 30 December 2011), where the next one does.</summary>
    public static Instant StartFrom(LocalDate date, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        for (; ; date = date.PlusDays(1))
            if (Start(date, zone) is { } start)
                return start;
    }

    /// <summary>Null where the zone has skipped the whole day.</summary>
    private static Instant? Start(LocalDate date, DateTimeZone zone)
    {
        var midnight = zone.MapLocal(date.AtMidnight());
        if (midnight.Count > 0)
            return midnight.First().ToInstant();
        var first = midnight.LateInterval.Start;
        return first.InZone(zone).Date == date ? first : null;
    }
}
