using System.Diagnostics.CodeAnalysis;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tenancy;

/// <summary>A tenant's fallback zone, as a field of its bodies.</summary>
internal static class TenantZones
{
    public static bool TryParse(string text, [NotNullWhen(true)] out string? zone) => TimeZones.TryParse(text, out zone, out _);

    public static Problem Unknown(string text) =>
        Problems.Invalid("time_zone", "unknown_time_zone", $"'{text}' is no time zone: use an IANA id such as Europe/Berlin.");
}
