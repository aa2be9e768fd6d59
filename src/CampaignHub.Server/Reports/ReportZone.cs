using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Tenancy;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>The zone whose hours and days a report is cut at: the one that was asked for, or else the tenant's.</summary>
internal static class ReportZone
{
    /// <exception cref="ProblemException">There is no such zone.</exception>
    public static async Task<DateTimeZone> FindAsync(TenantTransaction transaction, string? asked)
    {
        var id = asked ?? (await TenantStore.FindAsync(transaction, transaction.TenantId))!.TimeZone;
        return TimeZoneData.Zones.GetZoneOrNull(id) ?? throw new ProblemException(TenantZones.Unknown(id));
    }
}
