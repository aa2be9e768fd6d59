using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Forgets what is unmatched after 30 days, and posts once a provider can't repeat them.</summary>
internal sealed class ProviderCleanup(Database database, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<ProviderCleanup> log)
    : WorkLoop(signal, health, log)
{
    private static readonly Duration s_keepPosts = ProviderDoor.MailgunPatience + Duration.FromDays(2);
    private static readonly Duration s_keepUnmatched = Duration.FromDays(30);
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);
    private long _lastAt = -(long)s_every.TotalMilliseconds;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (Environment.TickCount64 - _lastAt < s_every.TotalMilliseconds)
            return false;
        _lastAt = Environment.TickCount64;
        var now = clock.GetCurrentInstant();
        var until = new { posts = now - s_keepPosts, events = now - s_keepUnmatched };
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_old_provider_posts(@posts, @events)", until, ct))
        {
            while (await ForgetAsync(tenantId, until.posts, until.events, ct))
                ct.ThrowIfCancellationRequested();
        }
        return false;
    }

    private async Task<bool> ForgetAsync(Guid tenantId, Instant postsUntil, Instant eventsUntil, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var more = await ProviderEventStore.ForgetAsync(transaction, postsUntil, eventsUntil);
        await transaction.CommitAsync();
        return more;
    }
}
