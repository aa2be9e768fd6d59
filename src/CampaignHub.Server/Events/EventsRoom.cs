using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Events;

/// <summary>The event log: its order and its partitions.</summary>
internal static class EventsRoom
{
    public static IServiceCollection AddEvents(this IServiceCollection services, Settings settings)
    {
        if (settings.RunsWorkers)
            services.AddHostedService<Partitions>().AddHostedService<Sequencer>();
        return services;
    }
}
