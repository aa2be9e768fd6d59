using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>Where a wanted moment goes so that it is allowed: at once where it is, and never earlier.</summary>
/// <param name="DueAt">An allowed instant.</param>
/// <param name="Adjustment"><c>none</c>, <c>quiet_hours</c> or <c>allowed_days</c>.</param>
internal readonly record struct AllowedMove(Instant DueAt, Adjustment Adjustment)
{
    /// <summary>
    /// Hours first: to their next beginning. Then days: to the same time of the next allowed day, so that what falls on
    /// a Saturday at 10:00 comes on Monday at 10:00 and not at its first minute.
    /// </summary>
    internal static AllowedMove Of(AllowedPlace place, Instant wanted)
    {
        if (place.IsAllowed(wanted))
            return new AllowedMove(wanted, Adjustment.None);
        var byHours = place.ByHours(wanted);
        return place.IsAllowed(byHours)
            ? new AllowedMove(byHours, Adjustment.QuietHours)
            : new AllowedMove(OnAllowedDay(place, byHours), Adjustment.AllowedDays);
    }

    // A gap may push the time out of the allowed hours, or onto the next day: that day is passed over too.
    private static Instant OnAllowedDay(AllowedPlace place, Instant passedOver)
    {
        var local = passedOver.InZone(place.Zone).LocalDateTime;
        while (true)
        {
            local = local.PlusDays(1);
            if (LocalTimes.Resolve(local, place.Zone).DueAt is var dueAt && dueAt > passedOver && place.IsAllowed(dueAt))
                return dueAt;
        }
    }
}
