using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>
/// Where <c>unsure_zone</c> <c>safe</c> can't be kept: countries of people whose zone is only guessed, in whose zones the allowed hours are
/// never all at once.
/// </summary>
internal static class UnsureCountries
{
    /// <summary>In a sentence; null where there are none, or the schedule doesn't ask for it.</summary>
    public static async Task<string?> FaultAsync(TenantTransaction transaction, Campaign campaign, Instant now)
    {
        if (campaign.Schedule is not { UnsureZone: UnsureZone.Safe } schedule)
            return null;
        var members = await AudienceMembers.OfAsync(transaction, campaign.Audience, now);
        var guessed = await transaction.QueryAsync<string>(
            $"SELECT DISTINCT country FROM recipients r WHERE r.tenant_id = @TenantId AND r.time_zone_source = @guess AND {members.Condition}",
            members.With(("TenantId", transaction.TenantId), ("guess", Core.WireWords.Word(ZoneSource.CountryGuess))));
        return AllowedPlace.NeverAllowedIn(guessed, schedule.Allowed, now) is { Count: > 0 } countries
            ? $"unsure_zone safe can't be kept for people of {string.Join(", ", countries)} whose zone is guessed: allowed_hours are never in all zones there at once. Widen them, or take most_populous or skip."
            : null;
    }
}
