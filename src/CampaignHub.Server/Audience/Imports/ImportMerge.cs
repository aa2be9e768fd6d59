using System.Numerics;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>What a merged batch came to, in rows.</summary>
internal sealed record MergedBatch
{
    /// <summary>Rows that were to be merged.</summary>
    public long Rows { get; init; }
    public long Created { get; init; }
    public long Updated { get; init; }
    public long Silent { get; init; }
    public long LeftList { get; init; }
    public long Granted { get; init; }
    public long Unknown { get; init; }
    public long Withdrawn { get; init; }

    /// <summary>False where somebody else changed one of these recipients at the same moment.</summary>
    public bool IsWhole => Created + Updated == Rows;
}

/// <summary>
/// Takes one import one step further: begin, one batch, or end. Each step is one transaction that holds all of its
/// effects, so that whatever dies, the next step starts exactly where the last one committed.
/// </summary>
internal sealed partial class ImportMerge(Database database, FailedImports failed, IClock clock, ILogger<ImportMerge> log)
{
    /// <summary>Rows of a batch: some hundred milliseconds of work.</summary>
    private const int BatchRows = 20_000;

    /// <summary>One step. False where another worker has this tenant's turn, or the import is at its end.</summary>
    public async Task<bool> StepAsync(Guid tenantId, Guid importId, CancellationToken ct)
    {
        using var trace = Traces.Begin("import", tenantId)?.SetTag("campaignhub.import_id", importId);
        try
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            if (!await ImportTurn.TryTakeAsync(transaction))
                return false;
            return await ImportStore.FindAsync(transaction, importId) switch
            {
                { Status: "queued" } => await StartAsync(transaction, importId),
                { Status: "running" } import => await MergeAsync(transaction, import),
                _ => false,
            };
        }
        catch (PostgresException fault) when (fault is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "recipients" })
        {
            // Somebody else made one of these recipients at the same moment: merged again, the batch meets them.
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState.StartsWith("22", StringComparison.Ordinal) || fault.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            // The data itself can't be written, now or later: ending it keeps it from standing in the way of others.
            LogNotMerged(fault, importId);
            await failed.EndAsync(tenantId, importId, ImportFailures.NotMerged);
            return true;
        }
    }

    private async Task<bool> StartAsync(TenantTransaction transaction, Guid importId)
    {
        var duplicates = await StagingTable.MarkSupersededAsync(transaction, importId);
        await ImportStore.StartAsync(transaction, importId, duplicates, clock.GetCurrentInstant());
        await transaction.CommitAsync();
        return true;
    }

    private async Task<bool> MergeAsync(TenantTransaction transaction, ImportRecord import)
    {
        var through = await transaction.QueryFirstOrDefaultAsync<long?>($"""
            SELECT max(row_no) FROM (
                SELECT row_no FROM {StagingTable.Name(import.Id)} WHERE row_no > @MergedThrough ORDER BY row_no LIMIT @BatchRows) AS batch
            """, new { import.MergedThrough, BatchRows });
        if (through is null)
        {
            await FinishAsync(transaction, import);
            return true;
        }
        if (await ListStore.HoldAsync(transaction, [import.ListId]) is { Count: 0 })
            return true; // deleted at this moment, and its import with it
        if (IsTimeForStatistics(import.MergedThrough / BatchRows))
            await transaction.ExecuteAsync("SELECT refresh_audience_statistics()");
        var batch = await MergeAsync(transaction, import, through.Value);
        if (batch.IsWhole && await ImportStore.ReportMergedAsync(transaction, import, through.Value, batch))
            await transaction.CommitAsync();
        return true;
    }

    /// <summary>After the first batch, and each time the rows have grown eightfold: the planner must not take a large tenant for an empty one.</summary>
    private static bool IsTimeForStatistics(long batches) => BitOperations.IsPow2(batches) && BitOperations.Log2((ulong)batches) % 3 == 0;

    private async Task<MergedBatch> MergeAsync(TenantTransaction transaction, ImportRecord import, long through)
    {
        await ConsentStore.RestOnAsync(transaction, $"import:{import.Id}");
        // A batch fits into this memory. Rows are fetched one by one and are cached: at the default cost of a random page
        // the planner would rather read the whole of a large tenant for each batch.
        await transaction.ExecuteAsync("SET LOCAL work_mem = '64MB'; SET LOCAL random_page_cost = 0.1");
        return await transaction.QuerySingleAsync<MergedBatch>(
            SqlFiles.Read("MergeBatch").Replace("{staging}", StagingTable.Name(import.Id), StringComparison.Ordinal), new
            {
                transaction.TenantId,
                import.ListId,
                import.Suppress,
                After = import.MergedThrough,
                Through = through,
                Now = clock.GetCurrentInstant(),
                MergeRules.Consent,
                MergeRules.Zones,
                MergeRules.CountryZones,
            });
    }

    private async Task FinishAsync(TenantTransaction transaction, ImportRecord import)
    {
        await ImportStore.FinishAsync(transaction, import.Id, [.. ImportWarnings.Of(import)], clock.GetCurrentInstant());
        await StagingTable.DropAsync(transaction, import.Id);
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Import {ImportId} can't be merged")]
    private partial void LogNotMerged(Exception fault, Guid importId);
}
