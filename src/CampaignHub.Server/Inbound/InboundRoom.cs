using CampaignHub.Server.Inbound.Mailboxes;
using CampaignHub.Server.Inbound.Providers;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Inbound;

/// <summary>What comes back by mail and from providers: bounces, complaints, replies.</summary>
internal static class InboundRoom
{
    public static IServiceCollection AddInbound(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<MailboxDoor>().AddSingleton<ProviderDoor>().AddSingleton<ProviderMetrics>().AddSingleton<SnsClient>();
        services.AddGuardedHttpClient(SnsClient.ClientName).ConfigureHttpClient(SnsClient.Limit);
        if (!settings.RunsWorkers)
            return services;
        services.AddSingleton<InboundMetrics>().AddSingleton<ReturnPaths>().AddSingleton<ComplaintWatch>().AddSingleton<InboundEffects>().AddSingleton<InboundIntake>();
        services.AddSingleton<MailboxContents>().AddHostedService<MailboxReader>();
        services.AddHostedService<Erasures>().AddHostedService<ProviderEventWorker>().AddHostedService<SnsConfirmer>().AddHostedService<ProviderCleanup>();
        if (settings.Inbound.Listen is not null)
            services.AddSingleton<InboundListener>().AddHostedService(provider => provider.GetRequiredService<InboundListener>());
        return services;
    }
}
