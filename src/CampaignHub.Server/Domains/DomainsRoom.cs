using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Domains;

/// <summary>Domains and what DNS says of them.</summary>
internal static class DomainsRoom
{
    public static IServiceCollection AddDomains(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<DnsRecords>().AddSingleton<DomainTargets>().AddSingleton<DomainCheck>().AddSingleton<DkimSigners>();
        if (settings.RunsWorkers)
            services.AddHostedService<DailyReading>();
        return services;
    }
}
