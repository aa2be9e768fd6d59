using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Sending;

/// <summary>Works the ledger off over SMTP.</summary>
internal static class SendingRoom
{
    public static IServiceCollection AddSending(this IServiceCollection services, Settings settings)
    {
        if (!settings.RunsWorkers)
            return services;
        services.AddSingleton<LaunchedCampaigns>().AddSingleton<SendingMetrics>().AddSingleton<RelayRest>().AddSingleton<RelayWatch>().AddSingleton<CampaignBrake>();
        services.AddSingleton<LedgerWriter>().AddSingleton<LedgerCommitter>().AddSingleton<AttemptOutcomes>().AddSingleton<DeliveryAttempt>();
        services.AddSingleton<RelayShares>().AddSingleton<RelayLanes>().AddSingleton<UsableRelays>().AddSingleton<BatchClaims>().AddSingleton<CampaignRuns>();
        // Started in this order and stopped in the other: what this node left behind is sorted out before it claims
        // anything new, and the committer outlives those whose results it writes.
        services.AddHostedService<LedgerSweeper>();
        services.AddHostedService(s => s.GetRequiredService<LedgerCommitter>());
        services.AddHostedService(s => s.GetRequiredService<RelayShares>());
        services.AddHostedService<Dispatcher>();
        return services;
    }
}
