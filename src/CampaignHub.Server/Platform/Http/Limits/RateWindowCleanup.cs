using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>Forgets windows that are over.</summary>
internal sealed class RateWindowCleanup(Database.Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<RateWindowCleanup> log)
    : CleanupLoop(signal, health, log)
{
    private const int Batch = 10_000;

    protected override async Task<bool> ForgetAsync(CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync([], ct);
        // A node whose clock is behind may still count in one that is over for us.
        var forgotten = await transaction.ExecuteAsync("""
            DELETE FROM rate_windows WHERE (subject, ends_at) IN (SELECT subject, ends_at FROM rate_windows WHERE ends_at < @before LIMIT @Batch)
            """, new { before = clock.GetCurrentInstant() - Duration.FromMinutes(10), Batch });
        await transaction.CommitAsync();
        return forgotten == Batch;
    }
}
