namespace CampaignHub.Server.Operations.Doctor;

/// <summary>Campaigns that are launched and not finished, with what is left of each.</summary>
internal static class CampaignSection
{
    private const int LongIdle = 120;
    private const int LongUncertain = 60;

    public static Section Make(IReadOnlyList<FlyingCampaign> campaigns, IReadOnlyList<QueueCount> counts)
    {
        var left = counts.ToLookup(count => count.CampaignId);
        return new Section("Campaigns in flight", campaigns.Count == 0 ? ["None."] : [])
        {
            Columns = ["campaign", "tenant", "status", ">scheduled", ">deferred", ">claimed", ">uncertain", ">held", "paused because"],
            Rows = [.. campaigns.Select(c => Row(c, left[c.CampaignId]))],
            Findings = [.. campaigns.SelectMany(c => Examine(c, [.. left[c.CampaignId]]))],
        };
    }

    /// <summary>Held ones are read by an index of their own: among those that have ended they are few.</summary>
    public static Task<IReadOnlyList<FlyingCampaign>> ReadAsync(Snapshot snapshot) => snapshot.QueryAsync<FlyingCampaign>("""
        SELECT c.campaign_id, c.tenant_id, c.status, c.paused_reason,
               (SELECT count(*) FROM deliveries d WHERE d.tenant_id = c.tenant_id AND d.campaign_id = c.campaign_id AND d.notable_state = 'held') AS held
        FROM campaigns c WHERE c.status IN ('scheduled', 'sending', 'paused') ORDER BY c.launched_at
        """);

    private static string[] Row(FlyingCampaign campaign, IEnumerable<QueueCount> left)
    {
        var count = (params string[] states) => Words.Number(left.Where(l => states.Contains(l.State)).Sum(l => l.Deliveries));
        return
        [
            campaign.CampaignId.ToString(), campaign.TenantId.ToString(), campaign.Status, count("scheduled"), count("deferred"),
            count("leased", "sending"), count("uncertain"), Words.Number(campaign.Held),
            campaign.PausedReason is null ? "" : Words.WithoutAddresses(campaign.PausedReason),
        ];
    }

    private static IEnumerable<Finding> Examine(FlyingCampaign campaign, IReadOnlyList<QueueCount> left)
    {
        if (campaign.PausedReason is { } reason)
            yield return new Finding($"The service has paused campaign {campaign.CampaignId}: {Words.WithoutAddresses(reason)}",
                $"its owner mends that and resumes it with POST /v1/campaigns/{campaign.CampaignId}/resume");
        var waiting = left.Where(l => l.State is "scheduled" or "deferred").ToList();
        if (campaign.Status == "sending" && waiting.Max(l => l.OldestSeconds) is > LongIdle and var due && !left.Any(l => l.State is "leased" or "sending"))
            yield return new Finding($"{Words.Deliveries(waiting.Sum(l => l.Due))} due of campaign {campaign.CampaignId}, the first for {Words.Length(due)}, and nobody has claimed any",
                "see how the tenant's relays stand and whether a worker runs");
        if (left.FirstOrDefault(l => l.State == "uncertain" && l.UnchangedSeconds > LongUncertain) is { } uncertain)
            yield return new Finding($"{Words.Deliveries(uncertain.Deliveries)} of campaign {campaign.CampaignId} uncertain for {Words.Length(uncertain.UnchangedSeconds)}",
                "start a worker, which decides them as the campaign says");
    }
}

/// <summary>A campaign that is launched and not finished.</summary>
internal sealed record FlyingCampaign
{
    public Guid CampaignId { get; init; }

    public Guid TenantId { get; init; }

    public string Status { get; init; } = "";

    public string? PausedReason { get; init; }

    public long Held { get; init; }
}
