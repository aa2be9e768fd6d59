using CampaignHub.Server.Inbound.Mailboxes;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Inbound;

/// <summary>What comes back by mail: bounces, complaints, replies.</summary>
internal static class InboundRoom
{
    public static IServiceCollection AddInbound(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<MailboxDoor>();
        if (!settings.RunsWorkers)
            return services;
        services.AddSingleton<InboundMetrics>().AddSingleton<ReturnPaths>().AddSingleton<ComplaintWatch>().AddSingleton<InboundEffects>().AddSingleton<InboundIntake>();
        services.AddSingleton<MailboxContents>().AddHostedService<MailboxReader>();
        if (settings.Inbound.Listen is not null)
            services.AddSingleton<InboundListener>().AddHostedService(provider => provider.GetRequiredService<InboundListener>());
        return services;
    }
}
