using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>How many people an audience holds at this moment, each counted once.</summary>
internal sealed record AudienceCount
{
    public long Members { get; init; }

    /// <summary>Of them, those who may be mailed as far as consent goes; suppressions are looked at by the plan.</summary>
    public long Consented { get; init; }

    /// <summary>Of those, the ones whose zone is the most populous of their country's, or the fallback.</summary>
    public long ZoneGuessed { get; init; }

    public static async Task<AudienceCount> OfAsync(TenantTransaction transaction, Audience audience, Instant now)
    {
        var members = await AudienceMembers.OfAsync(transaction, audience, now);
        return await transaction.QuerySingleAsync<AudienceCount>($"""
            SELECT count(*) AS members,
                   count(*) FILTER (WHERE consent_status = 'granted') AS consented,
                   count(*) FILTER (WHERE consent_status = 'granted'
                       AND (time_zone IS NULL OR time_zone_source IN ('country_guess', 'fallback'))) AS zone_guessed
            FROM recipients r
            WHERE r.tenant_id = @TenantId AND {members.Condition}
            """, members.With(("TenantId", transaction.TenantId)));
    }
}
