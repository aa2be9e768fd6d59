using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Forgets messages of shops 30 days after they were received, once they are worked off.</summary>
internal sealed class ShopMessageCleanup(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<ShopMessageCleanup> log)
    : CleanupLoop(signal, health, log)
{
    private const int Batch = 5_000;

    private static readonly Duration s_kept = Duration.FromDays(30);

    protected override async Task<bool> ForgetAsync(CancellationToken ct)
    {
        var before = clock.GetCurrentInstant() - s_kept;
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_old_storefront_messages(@before)", new { before }, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await ShopMessageStore.DeleteOldAsync(transaction, before, Batch);
            await transaction.CommitAsync();
        }
        return more;
    }
}
