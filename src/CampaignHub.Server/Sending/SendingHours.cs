using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Deliveries;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// When a launched campaign may reach whom: its allowed hours and days hold to the last moment, by the clock of the zone
/// that a delivery was planned in, however long its wave takes and whenever it is tried again.
/// </summary>
internal sealed class SendingHours(AllowedTimes allowed, HolidayCalendar holidays)
{
    public AllowedTimes Allowed => allowed;

    /// <summary>The person's own zone, by which their days are counted; that of the plan where they have none.</summary>
    public static DateTimeZone ZoneOf(ClaimedDelivery delivery) =>
        (delivery.TimeZone is { } own ? TimeZoneData.Zones.GetZoneOrNull(own) : null) ?? TimeZoneData.Zones[delivery.PlannedZone];

    /// <summary>The same local time of the next day, or the first after it at which the delivery may arrive.</summary>
    public Instant NextDay(ClaimedDelivery delivery, Instant now)
    {
        var zone = TimeZoneData.Zones[delivery.PlannedZone];
        return NextAllowed(delivery, now.InZone(zone).LocalDateTime.PlusDays(1).InZoneLeniently(zone).ToInstant());
    }

    /// <summary>The earliest instant from this one on at which the delivery may arrive.</summary>
    public Instant NextAllowed(ClaimedDelivery delivery, Instant at) => allowed == AllowedTimes.Always
        ? at
        : AllowedPlace.Of(allowed, holidays, delivery.PlannedZone, delivery.HolidayCountry, delivery.UnsureCountry).NextAllowed(at);
}
