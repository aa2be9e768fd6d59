using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>
/// Judges the hits of every campaign of every tenant again, beside a running service too, which helps. Broken off, a service goes on
/// with what is left, and so does the next run, which leaves out what the last one has been through.
/// </summary>
internal sealed class ReclassifyEverything(Database database, IClock clock, Action<string> tell, CancellationToken ct)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync()
    {
        var now = clock.GetCurrentInstant();
        var since = (await database.LookUpAsync<Instant>("SELECT coalesce(oldest_reclassification(), @now)", new { now }, ct)).Single();
        var tenants = await database.LookUpAsync<Guid>("SELECT tenant_page(NULL, 2147483647)", null, ct);
        foreach (var tenantId in tenants)
            await WithAsync(tenantId, transaction => ReclassificationStore.RequestAllAsync(transaction, since, now));
        var (campaigns, hits, changed) = (0L, 0L, 0L);
        foreach (var tenantId in tenants)
        {
            await WorkThroughAsync(tenantId);
            var totals = await WithAsync(tenantId, transaction => ReclassificationStore.TotalsAsync(transaction, since));
            (campaigns, hits, changed) = (campaigns + totals.Campaigns, hits + totals.Hits, changed + totals.Changed);
        }
        tell($"{hits} hits of {campaigns} campaigns judged again, {changed} are of another class now.");
    }

    private async Task WorkThroughAsync(Guid tenantId)
    {
        for (var told = 0L; await LeftAsync(tenantId) is var left and > 0; told = left)
        {
            if (left != told)
                tell($"tenant {tenantId}: {left} campaigns left");
            var isMine = await WithAsync(tenantId, async transaction =>
                await RollupStore.TryLockAsync(transaction) && await Rejudging.WorkAsync(transaction, clock.GetCurrentInstant()));
            // Somebody else is at it.
            if (!isMine)
                await Task.Delay(Pause, ct);
        }
    }

    private async Task<long> LeftAsync(Guid tenantId) =>
        (await WithAsync(tenantId, transaction => ReclassificationStore.TotalsAsync(transaction, Instant.MaxValue))).Unfinished;

    private async Task<T> WithAsync<T>(Guid tenantId, Func<TenantTransaction, Task<T>> work)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var result = await work(transaction);
        await transaction.CommitAsync();
        return result;
    }
}
