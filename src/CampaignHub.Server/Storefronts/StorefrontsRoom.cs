using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Storefronts.Syncs;

namespace CampaignHub.Server.Storefronts;

/// <summary>Connected shops: what they post is stored, and worked off.</summary>
internal static class StorefrontsRoom
{
    public static IServiceCollection AddStorefronts(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<StorefrontMetrics>().AddSingleton<ShopApi>();
        services.AddGuardedHttpClient(ShopApi.ClientName).ConfigureHttpClient(client => client.Timeout = ShopApi.Patience);
        if (settings.RunsWorkers)
            services.AddHostedService<ShopMessageWorker>().AddHostedService<ShopMessageCleanup>().AddHostedService<StorefrontSyncs>();
        return services;
    }
}
