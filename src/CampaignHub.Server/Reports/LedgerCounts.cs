using CampaignHub.Core;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Reports;

/// <summary>How many of a campaign's deliveries are in each state.</summary>
internal static class LedgerCounts
{
    private const string Total = "total";

    /// <summary>Each state of the ledger, and two sums: <c>total</c>, and <c>delivered</c> = accepted − bounced.</summary>
    /// <param name="transaction">Where to look.</param>
    /// <param name="counters">The campaign's counters, read before: what has been accepted since is still scheduled here.</param>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(TenantTransaction transaction, Rollup counters)
    {
        var known = (await transaction.QueryAsync<(string State, long Deliveries)>(
            SqlFiles.Read("CountLedger"), new { transaction.TenantId, campaignId = counters.CampaignId })).ToDictionary(s => s.State, s => s.Deliveries);
        known[DeliveryState.Accepted.Word()] = counters.Accepted;
        var total = known.GetValueOrDefault(Total);
        known[DeliveryState.Scheduled.Word()] = Math.Max(0, total - known.Where(s => s.Key != Total).Sum(s => s.Value));
        var counts = new Dictionary<string, long> { [Total] = total };
        foreach (var state in Enum.GetValues<DeliveryState>())
        {
            counts[state.Word()] = known.GetValueOrDefault(state.Word());
            if (state == DeliveryState.Accepted)
                counts["delivered"] = counters.Delivered;
        }
        return counts;
    }
}
