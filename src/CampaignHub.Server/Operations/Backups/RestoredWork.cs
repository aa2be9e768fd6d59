using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>
/// Brings what was restored to rest. What was sent after the backup isn't known: whatever it has as scheduled may have
/// gone since, so no campaign goes on until somebody who knows resumes it.
/// </summary>
/// <param name="Campaigns">How many are paused.</param>
/// <param name="Held">How many deliveries were claimed, on the wire or uncertain, and are not sent again.</param>
internal sealed record RestoredWork(int Campaigns, int Held)
{
    public static async Task<RestoredWork> RestAsync(string connectionString, Instant takenAt, Instant now, CancellationToken ct)
    {
        var reason = $"Restored from a backup of {InstantPattern.General.Format(takenAt)}: what was sent after it isn't known, and would be sent again.";
        await using var database = new Database(connectionString);
        var work = new RestoredWork(0, 0);
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenant_page(NULL, 2147483647)", null, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            work = new RestoredWork(
                work.Campaigns + await CampaignStore.PauseAllAsync(transaction, reason, now),
                work.Held + await LeaseStore.HoldClaimedAsync(transaction, now));
            await PlanStore.ForgetLaunchesAsync(transaction);
            await transaction.CommitAsync();
        }
        return work;
    }
}
