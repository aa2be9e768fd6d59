using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Domains;

/// <summary>Domains, what DNS says of them, and what answers behind them.</summary>
internal static class DomainsRoom
{
    public static IServiceCollection AddDomains(this IServiceCollection services, Settings settings)
    {
        services.AddGuardedHttpClient(TrackingHostProbe.ClientName).ConfigureHttpClient(client => client.Timeout = TrackingHostProbe.Patience);
        services.AddSingleton<TrackingHostProbe>().AddSingleton<DnsRecords>().AddSingleton<DomainTargets>().AddSingleton<DomainCheck>().AddSingleton<DkimSigners>().AddSingleton<SenderRule>();
        if (settings.RunsWorkers)
            services.AddHostedService<DomainReading>();
        return services;
    }
}
