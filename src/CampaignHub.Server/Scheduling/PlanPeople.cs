using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling;

/// <summary>How many people of the transaction's audience snapshot are in each place of a plan.</summary>
internal static class PlanPeople
{
    /// <summary>Places with somebody in them. PlannedDeliveries.sql joins people to them.</summary>
    public static async Task<IReadOnlyDictionary<PlanPlace, long>> CountAsync(TenantTransaction transaction) =>
        (await transaction.QueryAsync<Row>("""
            SELECT a.time_zone, a.holiday_country, a.slot, a.unsure_country, h.hour, h.arm, count(*) AS people
            FROM campaign_audience a LEFT JOIN campaign_hours h USING (recipient_id)
            WHERE a.verdict = 'included'
            GROUP BY 1, 2, 3, 4, 5, 6
            """))
        .ToDictionary(row => row.Place, row => row.People);

    private sealed record Row
    {
        public string TimeZone { get; init; } = "";
        public string? HolidayCountry { get; init; }
        public int Slot { get; init; }
        public string? UnsureCountry { get; init; }
        public int? Hour { get; init; }
        public string? Arm { get; init; }
        public long People { get; init; }

        public PlanPlace Place => new(TimeZone, HolidayCountry, Slot)
        {
            UnsureCountry = UnsureCountry,
            Hour = Hour,
            Arm = Arm is null ? null : WireWords.Parse<BestTimeArm>(Arm),
        };
    }
}
