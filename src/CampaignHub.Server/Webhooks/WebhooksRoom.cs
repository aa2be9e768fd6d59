using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Webhooks;

/// <summary>A tenant's endpoints, which are called with what happens.</summary>
internal static class WebhooksRoom
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<WebhookUrl>().AddSingleton<WebhookClient>();
        // Many tenants' endpoints may be on one host, such as a service that connects others: those that hang there must not hold up the rest.
        // Each endpoint is bounded by itself.
        services.AddGuardedHttpClient(WebhookClient.ClientName, connectionsPerHost: WebhookSender.MostCalls).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan); // Each call has a limit of its own.
        if (settings.RunsWorkers)
            services.AddHostedService<WebhookFeeder>().AddHostedService<WebhookSender>();
        return services;
    }
}
