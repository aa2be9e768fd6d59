using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Sending;

/// <summary>Works the ledger off over SMTP.</summary>
internal static class SendingRoom
{
    public static IServiceCollection AddSending(this IServiceCollection services, Settings settings)
    {
        if (!settings.RunsWorkers)
            return services;
        services.AddSingleton<LaunchedCampaigns>().AddSingleton<RelayRest>().AddSingleton<SettlementJournal>().AddSingleton<SendingMetrics>().AddSingleton<DeliveryAttempt>();
        // The sweeper starts first: what this node left behind is sorted out before it claims anything new.
        services.AddHostedService<LedgerSweeper>();
        services.AddHostedService<Dispatcher>();
        return services;
    }
}
