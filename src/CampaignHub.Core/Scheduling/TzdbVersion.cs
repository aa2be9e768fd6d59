using NodaTime.TimeZones;

namespace CampaignHub.Core.Scheduling;

/// <summary>Which edition of the IANA time zone database instants are computed with.</summary>
public static class TzdbVersion
{
    /// <summary>The edition's name, such as <c>2026b</c>. A plan keeps it: another edition may mean other instants.</summary>
    public static string Current => TzdbDateTimeZoneSource.Default.TzdbVersion;
}
