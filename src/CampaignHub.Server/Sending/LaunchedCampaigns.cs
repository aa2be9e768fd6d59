using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using Microsoft.Extensions.Caching.Memory;

namespace CampaignHub.Server.Sending;

/// <summary>Launched campaigns, prepared once per process. What is launched never changes, so nothing grows stale: holidays may, and each claim reads them.</summary>
internal sealed class LaunchedCampaigns(Database database) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 200 });

    public async Task<LaunchedCampaign> GetAsync(Guid tenantId, Guid campaignId, CancellationToken ct) =>
        (await _cache.GetOrCreateAsync(campaignId, async entry =>
        {
            entry.Size = 1;
            entry.SlidingExpiration = TimeSpan.FromMinutes(10);
            await using var transaction = await database.BeginAsync(tenantId, ct);
            var campaign = (await CampaignStore.FindAsync(transaction, campaignId))!;
            return LaunchedCampaign.Of(tenantId, campaign);
        }))!;

    public void Dispose() => _cache.Dispose();
}
