using CampaignHub.Server.Platform;
using CampaignHub.Server.Scheduling.BestHours;

namespace CampaignHub.Server.Scheduling;

/// <summary>Plans and waves.</summary>
internal static class SchedulingRoom
{
    public static IServiceCollection AddScheduling(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<WaveAlarms>().AddSingleton<WaveJob>();
        services.AddSingleton<CampaignLaunch>().AddSingleton<PlanComputation>().AddSingleton<PlanRequests>();
        services.AddSingleton<DeliveryList>();
        if (settings.RunsWorkers)
            services.AddHostedService<Sweeper>().AddHostedService<ReadingFolder>();
        if (settings.RunsWorkers && settings.Clock.Skip)
            services.AddHostedService<ClockSkipper>();
        return services;
    }
}
