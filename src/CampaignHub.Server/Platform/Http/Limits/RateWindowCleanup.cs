using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>Forgets windows that are over.</summary>
internal sealed class RateWindowCleanup(Database.Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<RateWindowCleanup> log)
    : CleanupLoop(database, signal, health, log)
{
    private const int Batch = 10_000;

    // A node whose clock is behind may still count in one that is over for us.
    protected override Task<bool> ForgetAsync(CancellationToken ct) => ForgetAsync(async transaction => await transaction.ExecuteAsync("""
        DELETE FROM rate_windows WHERE (subject, ends_at) IN (SELECT subject, ends_at FROM rate_windows WHERE ends_at < @before LIMIT @Batch)
        """, new { before = clock.GetCurrentInstant() - Duration.FromMinutes(10), Batch }) == Batch, ct);
}
