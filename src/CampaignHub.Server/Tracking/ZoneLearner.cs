using CampaignHub.Server.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// Learns once a day, by business time, the zones of people who have read since. A stretch of the log and what was learned from it are
/// committed together, so that it goes on where it was killed; one node at a time for each tenant.
/// </summary>
internal sealed class ZoneLearner(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<ZoneLearner> log)
    : TenantLoop(database, "tenants_to_learn_zones_of", signal, health, log)
{
    private const int BatchSize = 5_000;

    protected override TimeSpan LookEvery => TimeSpan.FromMinutes(1);

    protected override Task<IReadOnlyList<Guid>> TenantsAsync(CancellationToken ct) =>
        Database.LookUpAsync<Guid>("SELECT tenants_to_learn_zones_of(@now)", new { now = clock.GetCurrentInstant() }, ct);

    protected override async Task<bool> WorkAsync(TenantTransaction transaction)
    {
        if (!await ZoneCursorStore.TryLockAsync(transaction))
            return false;
        var now = clock.GetCurrentInstant();
        var after = await ZoneCursorStore.FindAsync(transaction);
        var last = await EventFeed.LastSequenceAsync(transaction);
        var through = Math.Min(last, after + BatchSize);
        if (through == after)
            return false;
        var readers = await ReadingHours.ReadersAsync(transaction, after, through);
        if (readers.Length > 0 && await ReadingHours.LearnAsync(transaction, now, readers) is { Count: > 0 } learned)
            await ZoneInferenceStore.TakeLearnedAsync(transaction, [.. learned], now);
        await ZoneCursorStore.MoveAsync(transaction, through, through == last ? now : null);
        return through < last;
    }
}
