using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Events;

/// <summary>
/// Keeps the monthly partitions of events and hits ahead of business time: this month's and the next two, looked after
/// at start and whenever a month has turned; and gives a new one its statistics.
/// </summary>
internal sealed class Partitions(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<Partitions> log)
    : WorkLoop(signal, health, log)
{
    private readonly MonthlyPartitions partitions = new(database);
    private YearMonth? ensured;

    /// <summary>What is written from the first moment on finds its month.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await WorkAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var month = now.InUtc().Date.ToYearMonth();
        if (month != ensured && await partitions.TryEnsureAsync(now, ct))
            ensured = month;
        await partitions.AnalyzeNewAsync(ct);
        return false;
    }
}
