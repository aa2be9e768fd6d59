using CampaignHub.Server.Platform;
using CampaignHub.Server.Tracking.Spool;

namespace CampaignHub.Server.Tracking;

/// <summary>Opens, clicks and unsubscribing.</summary>
internal static class TrackingRoom
{
    public static IServiceCollection AddTracking(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(DataCentreNetworks.Read(settings)).AddSingleton<HitOrigins>();
        services.AddSingleton<TokenReader>().AddSingleton<TrackingMetrics>().AddSingleton<Destinations>();
        services.AddSingleton<DatabaseReach>().AddSingleton<HitSpool>();
        services.AddSingleton<HitIngest>().AddHostedService(s => s.GetRequiredService<HitIngest>());
        services.AddHostedService<SpoolFolder>();
        services.AddHealthChecks().AddCheck<TrackingHealth>("tracking");
        if (settings.RunsWorkers)
            services.AddHostedService<HitJudge>().AddHostedService<HitNetworkCleanup>().AddHostedService<ZoneLearner>();
        return services;
    }
}
