using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Scheduling;

/// <summary>How a schedule's values are written. One form each, so that what comes back is what was sent.</summary>
internal static class ScheduleFormats
{
    /// <summary>RFC 3339 in UTC; at most microseconds, which is all that the database keeps.</summary>
    internal static readonly InstantPattern At =
        InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFF'Z'");

    internal static readonly LocalDatePattern Date = LocalDatePattern.Iso;

    internal static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    private static readonly LocalDate Earliest = new(2000, 1, 1);
    private static readonly LocalDate Latest = new(2200, 12, 31);

    internal static bool IsSane(LocalDate date) => date >= Earliest && date <= Latest;

    /// <summary>An ISO 8601 duration of fixed length in whole seconds; null for anything else (years and months have no fixed length).</summary>
    internal static Duration? ParseLength(string text) =>
        PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var period) && HasFixedLength(period)
            ? period.ToDuration()
            : null;

    internal static string FormatLength(Duration length) => length == Duration.Zero
        ? "PT0S"
        : PeriodPattern.NormalizingIso.Format(Period.FromSeconds((long)length.TotalSeconds).Normalize());

    internal static AllowedHoursInput FormatHours(AllowedHours hours) => new() { From = Time.Format(hours.From), To = Time.Format(hours.To) };

    private static bool HasFixedLength(Period p) =>
        p is { Years: 0, Months: 0, Milliseconds: 0, Ticks: 0, Nanoseconds: 0 }
        && IsModest(p.Weeks) && IsModest(p.Days) && IsModest(p.Hours) && IsModest(p.Minutes) && IsModest(p.Seconds);

    // Far above the longest grace in any unit, and far below what would overflow when added up.
    private static bool IsModest(long value) => value is >= 0 and <= 1_000_000;
}
