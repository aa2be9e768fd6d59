using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Imports.</summary>
internal static class ImportsWiring
{
    public static IServiceCollection AddImports(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<ImportUpload>().AddSingleton<FailedImports>().AddSingleton<ImportMerge>();
        if (settings.RunsWorkers)
            services.AddHostedService<ImportWorker>();
        return services;
    }
}
