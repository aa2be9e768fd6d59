using NodaTime;

namespace CampaignHub.Core.Reports;

/// <summary>How long events and hits are kept.</summary>
public static class RetentionRule
{
    /// <summary>Before which instant they go; null: all are kept.</summary>
    /// <param name="now">Business time.</param>
    /// <param name="months">Whole months (UTC) that the operator keeps besides the present one; null: all.</param>
    /// <param name="days">Days (UTC) that the tenant keeps besides today; null: as long as the operator.</param>
    public static Instant? Before(Instant now, int? months, int? days)
    {
        var today = now.InUtc().Date;
        LocalDate? ofOperator = months is { } m ? new LocalDate(today.Year, today.Month, 1).PlusMonths(-m) : null;
        LocalDate? ofTenant = days is { } d ? today.PlusDays(-d) : null;
        var first = ofOperator is { } one && ofTenant is { } other ? LocalDate.Max(one, other) : ofOperator ?? ofTenant;
        return first?.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
    }
}
