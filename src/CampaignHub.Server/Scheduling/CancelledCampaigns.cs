using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Gives up what a cancelled campaign hasn't sent, in batches, so that cancelling takes no longer for a million than for one. Meanwhile
/// nothing of it is sent: its state is read by the statement that marks.
/// </summary>
internal static class CancelledCampaigns
{
    /// <summary>False once nothing was left to give up now: more may still come back from the wire, and is looked for again.</summary>
    public static async Task<bool> GiveUpAsync(Database database, Guid tenantId, Guid campaignId, Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        // Asked first: what comes back afterwards would be seen by the next look only.
        var mayComeBack = await PlannedDeliveryStore.MayComeBackAsync(transaction, campaignId);
        var more = await PlannedDeliveryStore.CancelAsync(transaction, campaignId, now);
        if (!more && !mayComeBack)
        {
            // Once, at the end: a worker may just have claimed something that neither of the two has seen.
            more = await PlannedDeliveryStore.CancelRestAsync(transaction, campaignId, now);
            if (!more)
                await CampaignStore.GivenUpAsync(transaction, campaignId);
        }
        await transaction.CommitAsync();
        return more;
    }
}
