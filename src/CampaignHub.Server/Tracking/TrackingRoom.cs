using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking;

/// <summary>Opens, clicks and unsubscribing.</summary>
internal static class TrackingRoom
{
    public static IServiceCollection AddTracking(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<TokenReader>().AddSingleton<TrackingMetrics>().AddSingleton<Destinations>();
        services.AddSingleton<HitIngest>().AddHostedService(s => s.GetRequiredService<HitIngest>());
        if (settings.RunsWorkers)
            services.AddHostedService<HitJudge>();
        return services;
    }
}
