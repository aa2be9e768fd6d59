using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Forgets what is unmatched after 30 days, and posts once a provider can't repeat them.</summary>
internal sealed class ProviderCleanup(Database database, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<ProviderCleanup> log)
    : CleanupLoop(database, signal, health, log)
{
    private static readonly Duration s_keepPosts = ProviderDoor.MailgunPatience + Duration.FromDays(2);
    private static readonly Duration s_keepUnmatched = Duration.FromDays(30);

    protected override Task<bool> ForgetAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var until = new { posts = now - s_keepPosts, events = now - s_keepUnmatched };
        return ForgetByTenantAsync(
            "tenants_with_old_provider_posts(@posts, @events)", until, transaction => ProviderEventStore.ForgetAsync(transaction, until.posts, until.events), ct);
    }
}
