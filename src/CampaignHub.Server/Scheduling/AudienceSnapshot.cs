using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>The audience of one campaign as it stands while it is planned: a temporary table of the transaction.</summary>
internal static class AudienceSnapshot
{
    public static async Task TakeAsync(TenantTransaction transaction, Campaigns.Audience audience, string fallbackTimeZone, PlanSplit split, Instant now) =>
        await TakeAsync(transaction, await AudienceMembers.OfAsync(transaction, audience, now), fallbackTimeZone, split);

    /// <summary>Only those who have no delivery of this campaign and may have entered its audience since then.</summary>
    public static async Task TakeNewcomersAsync(
        TenantTransaction transaction, Campaigns.Audience audience, string fallbackTimeZone, PlanSplit split, Guid campaignId, Instant since, Instant now)
    {
        var members = await AudienceMembers.OfAsync(transaction, audience, now);
        // Into a segment somebody may come by an event, which leaves no trace on their own row.
        var entered = audience.SegmentIds.Length > 0
            ? ""
            : """
               AND (r.updated_at >= @since OR EXISTS (
                  SELECT 1 FROM list_recipients e
                  WHERE e.tenant_id = @TenantId AND e.list_id = ANY (@listIds) AND e.recipient_id = r.recipient_id AND e.added_at >= @since))
              """;
        var newcomers = members with
        {
            Condition = $"""
                {members.Condition}{entered}
                AND NOT EXISTS (
                    SELECT 1 FROM deliveries o
                    WHERE o.tenant_id = @TenantId AND o.campaign_id = @campaignId AND o.address_hash = r.address_hash)
                """,
            Parameters = members.With(("campaignId", campaignId), ("since", since)),
        };
        await TakeAsync(transaction, newcomers, fallbackTimeZone, split);
    }

    private static async Task TakeAsync(TenantTransaction transaction, AudienceMembers members, string fallbackTimeZone, PlanSplit split)
    {
        await transaction.ExecuteAsync(
            SqlFiles.Read("CampaignAudience").Replace("{members}", members.Condition, StringComparison.Ordinal),
            members.With(
                ("TenantId", transaction.TenantId), ("fallback", fallbackTimeZone), ("HolidayCountries", split.HolidayCountries),
                ("UnsureZone", split.UnsureZone), ("WindowSlots", split.WindowSlots)));
        // A fresh table has no statistics, and the next join would be planned for a handful of rows.
        await transaction.ExecuteAsync("ANALYZE campaign_audience");
    }

    public static async Task<AudienceCounts> CountAsync(TenantTransaction transaction)
    {
        var rows = await transaction.QueryAsync<(string Verdict, string Source, long People, long Wishes)>(
            "SELECT verdict, time_zone_source, count(*), count(max_frequency) FROM campaign_audience GROUP BY verdict, time_zone_source");
        return new AudienceCounts(rows);
    }
}

/// <summary>How many a plan includes, leaves out, and where the zones of the included come from.</summary>
internal sealed class AudienceCounts(IReadOnlyList<(string Verdict, string Source, long People, long Wishes)> rows)
{
    public long Included => Of("included");

    public long Suppressed => Of("suppressed");

    public long NoConsent => Of("no_consent");

    public long UnsureZone => Of("unsure_zone");

    /// <summary>Whether anybody included wants to be mailed only so often.</summary>
    public bool AnyWish => rows.Any(r => r.Verdict == "included" && r.Wishes > 0);

    /// <summary>Every source of the contract with its count, those that nobody has included.</summary>
    public string ZoneSourcesJson => JsonSerializer.Serialize(WireWords.All<ZoneSource>().ToDictionary(
        source => source, source => rows.Where(r => r.Verdict == "included" && r.Source == source).Sum(r => r.People)));

    private long Of(string verdict) => rows.Where(r => r.Verdict == verdict).Sum(r => r.People);
}
