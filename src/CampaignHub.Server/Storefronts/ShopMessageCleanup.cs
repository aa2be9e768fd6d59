using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Forgets messages of shops 30 days after they were received, once they are worked off.</summary>
internal sealed class ShopMessageCleanup(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<ShopMessageCleanup> log)
    : CleanupLoop(database, signal, health, log)
{
    private const int Batch = 5_000;

    private static readonly Duration s_kept = Duration.FromDays(30);

    protected override Task<bool> ForgetAsync(CancellationToken ct)
    {
        var before = clock.GetCurrentInstant() - s_kept;
        return ForgetByTenantAsync("tenants_with_old_storefront_messages(@before)", new { before }, transaction => ShopMessageStore.DeleteOldAsync(transaction, before, Batch), ct);
    }
}
