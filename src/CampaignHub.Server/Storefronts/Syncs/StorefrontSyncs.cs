using CampaignHub.Core;
using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts.Syncs;

/// <summary>
/// Reads shops that are to be synced, all customers and then all orders, through the same mapping as their webhooks. What a page
/// tells and the place of the next are committed together, so that a sync goes on where it was cut off.
/// </summary>
internal sealed class StorefrontSyncs(
    Database database, ShopApi api, KeyRing ring, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<StorefrontSyncs> log) : WorkLoop(signal, health, log)
{
    private const int MostAttempts = 8;

    protected override WorkKind Heeds => WorkKind.ShopSyncs;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var due = await database.LookUpAsync<(Guid TenantId, Guid StorefrontId)>("SELECT tenant_id, storefront_id FROM storefront_syncs_due()", null, ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (shop, token) =>
            await ReadPageAsync(shop.TenantId, shop.StorefrontId, token));
        return due.Count > 0;
    }

    private async Task ReadPageAsync(Guid tenantId, Guid storefrontId, CancellationToken ct)
    {
        Storefront storefront;
        StorefrontSync sync;
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            if (!await StorefrontSyncStore.ClaimAsync(transaction, storefrontId))
                return;
            (storefront, sync) = ((await StorefrontStore.FindAsync(transaction, storefrontId))!, (await StorefrontSyncStore.FindAsync(transaction, storefrontId))!);
            await transaction.CommitAsync();
        }
        // No transaction is open while somebody else's server takes its time.
        var answer = storefront.AccessTokenEncrypted is null
            ? new ShopAnswer(null, "The storefront has no access token any more.", IsFinal: true)
            : await api.ReadAsync(storefront, StorefrontStore.OpenToken(ring, tenantId, storefront), sync.StageWord, sync.NextPage, ct);
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            if (answer.Page is { IsThrottled: false } page)
                await TakeAsync(transaction, storefrontId, sync, page);
            else
                await PutOffAsync(transaction, storefrontId, sync, answer);
            await transaction.CommitAsync();
        }
    }

    private async Task TakeAsync(TenantTransaction transaction, Guid storefrontId, StorefrontSync sync, ShopPage page)
    {
        // The storefront's turn: nothing that it posts is worked off meanwhile.
        if (await StorefrontStore.LockAsync(transaction, storefrontId) is not { } storefront)
            return;
        var now = clock.GetCurrentInstant();
        var buyers = new ShopBuyers(transaction, storefront, ring, now);
        var faults = 0;
        foreach (var message in page.Messages)
            if ((await buyers.TakeAsync(message, message.At is { } at && at < now ? at : now)).Fault is not null)
                faults++;
        var isOver = page.Next is null && sync.StageWord == ShopStage.Orders;
        var read = sync with { Problem = null, Attempts = 0, Faults = sync.Faults + faults, NextPage = page.Next, FinishedAt = isOver ? now : null, Status = isOver ? "finished" : "running" };
        read = sync.StageWord == ShopStage.Customers ? read with { Customers = read.Customers + page.Messages.Count } : read with { Orders = read.Orders + page.Messages.Count };
        if (page.Next is null && !isOver)
            read = read with { Stage = ShopStage.Orders.Word() };
        if (!await StorefrontSyncStore.MoveAsync(transaction, storefrontId, sync, read, page.Wait.TotalSeconds))
            throw new InvalidOperationException($"The sync of storefront {storefrontId} was moved on by another node: its page is left to that one.");
    }

    /// <summary>The shop's limits are obeyed for as long as it takes; a shop that can't be read is given up after eight attempts, over an hour.</summary>
    private Task<bool> PutOffAsync(TenantTransaction transaction, Guid storefrontId, StorefrontSync sync, ShopAnswer answer)
    {
        if (answer.Page is { } throttled)
            return StorefrontSyncStore.MoveAsync(transaction, storefrontId, sync, sync, throttled.Wait.TotalSeconds);
        var isOver = answer.IsFinal || sync.Attempts + 1 >= MostAttempts;
        return StorefrontSyncStore.MoveAsync(
            transaction, storefrontId, sync,
            sync with { Problem = answer.Problem, Attempts = sync.Attempts + 1, Status = isOver ? "failed" : "running", FinishedAt = isOver ? clock.GetCurrentInstant() : null },
            waitSeconds: 30 * Math.Pow(2, sync.Attempts));
    }
}
