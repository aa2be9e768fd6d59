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
    internal static AllowedMove Of(AllowedTimes allowed, Instant wanted, DateTimeZone zone)
    {
        if (allowed.IsAllowed(wanted, zone))
            return new AllowedMove(wanted, Adjustment.None);
        var byHours = new AllowedTimes { Hours = allowed.Hours }.NextAllowed(wanted, zone);
        return allowed.IsAllowed(byHours, zone)
            ? new AllowedMove(byHours, Adjustment.QuietHours)
            : new AllowedMove(OnAllowedDay(allowed, byHours, zone), Adjustment.AllowedDays);
    }

    // A gap may push the time out of the allowed hours, or onto the next day: that day is passed over too.
    private static Instant OnAllowedDay(AllowedTimes allowed, Instant passedOver, DateTimeZone zone)
    {
        var local = passedOver.InZone(zone).LocalDateTime;
        while (true)
        {
            local = local.PlusDays(1);
            if (allowed.IsAllowed(local.Date) && LocalTimes.Resolve(local, zone).DueAt is var dueAt && dueAt > passedOver && allowed.IsAllowed(dueAt, zone))
                return dueAt;
        }
    }
}
