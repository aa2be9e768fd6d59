using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;

namespace CampaignHub.Server.Relays;

/// <summary>Relays and the connections to them.</summary>
internal static class RelaysRoom
{
    public static IServiceCollection AddRelays(this IServiceCollection services, Settings settings)
    {
        services
            .AddSingleton(provider => OutboundGuard.FromConfiguration(
                provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>()))
            .AddSingleton<OutboundHost>().AddSingleton<RelayCheck>().AddSingleton<RelayPools>();
        if (settings.RunsWorkers)
        {
            services.AddSingleton<PausedRelays>().AddHostedService(provider => provider.GetRequiredService<PausedRelays>());
            services.AddHealthChecks().AddCheck<PausedRelays>("relays");
        }
        return services;
    }
}
