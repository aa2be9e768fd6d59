using System.Globalization;
using CampaignHub.Server.Demo.Client;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Demo.Printing;

/// <summary>Numbers, instants and zones as the demo writes them.</summary>
internal static class Words
{
    private static readonly InstantPattern s_hour = InstantPattern.CreateWithInvariantCulture("ddd HH:mm'Z'");

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(decimal? rate) => rate is null ? "–" : (rate.Value * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Hour(Instant? instant) => instant is null ? "now" : s_hour.Format(instant.Value);

    /// <summary>The zones with most people, and how many more there are.</summary>
    public static string Zones(IReadOnlyList<PlannedZone> zones, int shown)
    {
        var named = zones.OrderByDescending(zone => zone.Recipients).ThenBy(zone => zone.TimeZone, StringComparer.Ordinal).Take(shown).Select(zone => zone.TimeZone);
        return string.Join(", ", named) + (zones.Count > shown ? $" and {zones.Count - shown} more" : "");
    }
}
