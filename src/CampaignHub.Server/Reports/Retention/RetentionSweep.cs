using CampaignHub.Core.Reports;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Reports.Retention;

/// <summary>
/// Lets events and hits go when they have been kept for as long as they are to be, on one node at a time. A tenant's reports are
/// sealed first; then whole months are dropped, and what is left row by row, in batches.
/// </summary>
internal sealed partial class RetentionSweep(
    Database database, Settings settings, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<RetentionSweep> log)
    : WorkLoop(signal, health, log)
{
    private const int BatchRows = 10_000;

    /// <summary>For each tenant the instant up to which this node has seen all go: nothing is left to look for until it moves.</summary>
    private readonly Dictionary<Guid, Instant> _done = [];

    /// <summary>What was said once needn't be said again.</summary>
    private readonly HashSet<(Guid TenantId, Instant Before)> _waitedFor = [];

    private readonly MonthlyPartitions _partitions = new(database);

    protected override TimeSpan LookEvery => TimeSpan.FromSeconds(5);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await using var turn = await SweepLock.TryTakeAsync(database, "retention", ct);
        if (turn is null)
            return false;
        var now = clock.GetCurrentInstant();
        var (due, areAllSealed) = await SealAsync(now, ct);
        if (due.Count == 0)
            return false;
        // Row by row it would take far longer than whoever is waited for.
        if (RetentionRule.Before(now, settings.Retention.KeptMonths, null) is { } months && !(areAllSealed && await TryDropMonthsAsync(months, ct)))
            return false;
        var (next, cut) = due[0];
        if (!await DropRowsAsync(next, cut, ct))
            _done[next] = cut;
        return true;
    }

    /// <summary>Seals every tenant of which something may go; those whose log isn't folded so far wait.</summary>
    private async Task<(IReadOnlyList<(Guid TenantId, Instant Before)> Due, bool AreAllSealed)> SealAsync(Instant now, CancellationToken ct)
    {
        var due = new List<(Guid, Instant)>();
        var areAllSealed = true;
        foreach (var (tenantId, days) in await database.LookUpAsync<(Guid, int?)>("SELECT tenant_id, retention_days FROM retention_by_tenant()", null, ct))
        {
            if (RetentionRule.Before(now, settings.Retention.KeptMonths, days) is not { } before || _done.GetValueOrDefault(tenantId) == before)
                continue;
            await using var transaction = await database.BeginAsync(tenantId, ct);
            if (await SealStore.IsFoldedAsync(transaction, before))
            {
                await SealStore.SealAsync(transaction, before);
                await transaction.CommitAsync();
                due.Add((tenantId, before));
            }
            else
            {
                areAllSealed = false;
                if (_waitedFor.Add((tenantId, before)))
                    LogNotFolded(tenantId, before);
            }
        }
        return (due, areAllSealed);
    }

    private async Task<bool> TryDropMonthsAsync(Instant before, CancellationToken ct)
    {
        var dropped = await _partitions.TryDropAsync(before, ct);
        if (dropped > 0)
            LogDropped(dropped.Value, before);
        return dropped is not null;
    }

    private async Task<bool> DropRowsAsync(Guid tenantId, Instant before, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var dropped = await EventLog.DropAsync(transaction, before, BatchRows) + await HitStore.DropAsync(transaction, before, BatchRows);
        await transaction.CommitAsync();
        return dropped > 0;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Months} monthly partitions of events and hits from before {Before} were dropped")]
    private partial void LogDropped(int months, Instant before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of tenant {TenantId} from before {Before} would be dropped, but not all of them are in its reports yet: is a worker running?")]
    private partial void LogNotFolded(Guid tenantId, Instant before);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
