using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling;

/// <summary>How many people of the transaction's audience snapshot are in each place of a plan.</summary>
internal static class PlanPeople
{
    /// <summary>Places with somebody in them. PlannedDeliveries.sql joins people to them by the same three expressions.</summary>
    public static async Task<IReadOnlyDictionary<PlanPlace, long>> CountAsync(TenantTransaction transaction, PlanSplit split) =>
        (await transaction.QueryAsync<(string Zone, string? Country, int Slot, long People)>("""
            SELECT time_zone, CASE WHEN country = ANY (@HolidayCountries) THEN country END AS holiday_country,
                   window_slot(address_hash, @WindowSlots) AS slot, count(*)
            FROM campaign_audience WHERE verdict = 'included'
            GROUP BY 1, 2, 3
            """, split))
        .ToDictionary(p => new PlanPlace(p.Zone, p.Country, p.Slot), p => p.People);
}
