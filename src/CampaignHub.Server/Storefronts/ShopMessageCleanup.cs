using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Forgets messages of shops 30 days after they were received, once they are worked off.</summary>
internal sealed class ShopMessageCleanup(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<ShopMessageCleanup> log)
    : WorkLoop(signal, health, log)
{
    private const int Batch = 5_000;

    private static readonly Duration s_kept = Duration.FromDays(30);
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);
    private long _lastAt = -(long)s_every.TotalMilliseconds;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (Environment.TickCount64 - _lastAt < s_every.TotalMilliseconds)
            return false;
        var before = clock.GetCurrentInstant() - s_kept;
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_old_storefront_messages(@before)", new { before }, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await ShopMessageStore.DeleteOldAsync(transaction, before, Batch);
            await transaction.CommitAsync();
        }
        if (!more)
            _lastAt = Environment.TickCount64;
        return more;
    }
}
