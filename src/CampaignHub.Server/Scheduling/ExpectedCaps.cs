using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// How many people a plan expects to be at their frequency cap, or at what they want themselves. It decides nothing: that is the mark's,
/// right before each message.
/// </summary>
/// <param name="ByCap">Those at the cap of the campaign or its tenant.</param>
/// <param name="ByWish">Those at their own, and not at the cap.</param>
/// <param name="WhenCapped">What becomes of them.</param>
internal sealed record ExpectedCaps(long ByCap, long ByWish, WhenCapped WhenCapped)
{
    /// <summary>Counts them of the transaction's audience snapshot and its hours; null, and nothing is read, where there is neither a cap nor a wish.</summary>
    public static async Task<ExpectedCaps?> CountAsync(
        TenantTransaction transaction, Guid campaignId, Schedule schedule, IReadOnlyList<ZonePlan> zones, bool anyWish, Instant now)
    {
        var cap = schedule.FrequencyCap ?? await FrequencyCapStore.FindAsync(transaction);
        if (cap is null && !anyWish)
            return null;
        // Where the moment is that of launch, it is taken to be now.
        var sent = zones.Where(z => z.Outcome == ZoneOutcome.Send).Select(z => (z.Place, Due: z.DueAt ?? now, Zone: TimeZoneData.Zones[z.TimeZone])).ToList();
        var capsSince = sent.Select(z => cap is null ? z.Due : z.Due - cap.Per).ToArray();
        var weeks = sent.Select(z => MaxFrequency.Weekly.Since(z.Due, z.Zone)).ToArray();
        var (byCap, byWish) = await transaction.QuerySingleAsync<(long, long)>(SqlFiles.Read("ExpectedCaps"), new
        {
            transaction.TenantId,
            campaignId,
            now,
            messages = cap?.Messages,
            earliest = (anyWish ? capsSince.Concat(weeks) : capsSince).DefaultIfEmpty(now).Min(),
            zones = sent.Select(z => z.Place.TimeZone).ToArray(),
            countries = sent.Select(z => z.Place.HolidayCountry ?? "").ToArray(),
            slots = sent.Select(z => z.Place.Slot).ToArray(),
            unsureCountries = sent.Select(z => z.Place.UnsureCountry ?? "").ToArray(),
            hours = sent.Select(z => z.Place.Hour ?? -1).ToArray(),
            arms = sent.Select(z => z.Place.Arm?.Word() ?? "").ToArray(),
            dues = sent.Select(z => z.Due).ToArray(),
            capsSince,
            days = sent.Select(z => MaxFrequency.Daily.Since(z.Due, z.Zone)).ToArray(),
            weeks,
        });
        return new ExpectedCaps(byCap, byWish, cap?.WhenCapped ?? WhenCapped.Skip);
    }
}
