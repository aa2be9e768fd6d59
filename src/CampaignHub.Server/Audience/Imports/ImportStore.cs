using System.Text.Json;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Writes and reads imports and their errors; nothing else does.</summary>
internal static class ImportStore
{
    /// <summary>Errors kept of one import: enough to see what is wrong with a file; all are counted.</summary>
    public const int MostErrors = 10_000;

    /// <summary>Makes the import, if the list is there.</summary>
    public static async Task<bool> InsertAsync(TenantTransaction transaction, ImportRecord import) => await transaction.ExecuteAsync("""
        INSERT INTO imports (tenant_id, import_id, list_id, status, consent, consent_source, suppress, heartbeat_at, created_at)
        SELECT @TenantId, @Id, l.list_id, 'staging', @Consent, @ConsentSource, @Suppress, clock_timestamp(), @CreatedAt
        FROM lists l WHERE l.tenant_id = @TenantId AND l.list_id = @ListId
        """, new { transaction.TenantId, import.Id, import.ListId, import.Consent, import.ConsentSource, import.Suppress, import.CreatedAt }) == 1;

    public static Task<ImportRecord?> FindAsync(TenantTransaction transaction, Guid id) => transaction.QueryFirstOrDefaultAsync<ImportRecord>("""
        SELECT import_id AS id, list_id, status, failure_code, failure_message, consent, consent_source, suppress, has_consent_column,
               rows, created, updated, duplicates, invalid, silent, left_list, warnings, consent_granted, consent_unknown, consent_withdrawn,
               merged_through, created_at, started_at, finished_at
        FROM imports WHERE tenant_id = @TenantId AND import_id = @id
        """, new { transaction.TenantId, id });

    public static Task BeatAsync(TenantTransaction transaction, Guid id) => transaction.ExecuteAsync("""
        UPDATE imports SET heartbeat_at = clock_timestamp() WHERE tenant_id = @TenantId AND import_id = @id AND status = 'staging'
        """, new { transaction.TenantId, id });

    public static Task ReportStagingAsync(TenantTransaction transaction, Guid id, long rows, long invalid) => transaction.ExecuteAsync("""
        UPDATE imports SET rows = @rows, invalid = @invalid, heartbeat_at = clock_timestamp()
        WHERE tenant_id = @TenantId AND import_id = @id AND status = 'staging'
        """, new { transaction.TenantId, id, rows, invalid });

    /// <summary>The whole body is staged. False where the upload was given up meanwhile.</summary>
    public static async Task<bool> QueueAsync(TenantTransaction transaction, Guid id, StagedFile file) => await transaction.ExecuteAsync("""
        UPDATE imports SET status = 'queued', has_consent_column = @HasConsentColumn, warnings = @json::jsonb
        WHERE tenant_id = @TenantId AND import_id = @id AND status = 'staging'
        """, new { transaction.TenantId, id, file.HasConsentColumn, json = JsonSerializer.Serialize(file.Warnings, ApiJson.Options) }) == 1;

    public static Task StartAsync(TenantTransaction transaction, Guid id, long duplicates, Instant now) => transaction.ExecuteAsync("""
        UPDATE imports SET status = 'running', duplicates = @duplicates, started_at = @now
        WHERE tenant_id = @TenantId AND import_id = @id AND status = 'queued'
        """, new { transaction.TenantId, id, duplicates, now });

    /// <summary>Counts a merged batch. False where another worker has counted it: then nothing of this transaction may stand.</summary>
    public static async Task<bool> ReportMergedAsync(TenantTransaction transaction, ImportRecord import, long through, MergedBatch batch) =>
        await transaction.ExecuteAsync("""
            UPDATE imports SET merged_through = @through, created = created + @Created, updated = updated + @Updated, silent = silent + @Silent, left_list = left_list + @LeftList,
                consent_granted = consent_granted + @Granted, consent_unknown = consent_unknown + @Unknown,
                consent_withdrawn = consent_withdrawn + @Withdrawn
            WHERE tenant_id = @TenantId AND import_id = @Id AND status = 'running' AND merged_through = @MergedThrough
            """, new
        {
            transaction.TenantId,
            import.Id,
            import.MergedThrough,
            through,
            batch.Created,
            batch.Updated,
            batch.Silent,
            batch.LeftList,
            batch.Granted,
            batch.Unknown,
            batch.Withdrawn,
        }) == 1;

    /// <summary>Ends an import that went well; the warnings join those of its file.</summary>
    public static async Task FinishAsync(TenantTransaction transaction, Guid id, IReadOnlyList<ImportWarning> warnings, Instant now)
    {
        if (await transaction.ExecuteAsync("""
            UPDATE imports SET status = 'finished', warnings = warnings || @json::jsonb, finished_at = @now
            WHERE tenant_id = @TenantId AND import_id = @id AND status = 'running'
            """, new { transaction.TenantId, id, json = JsonSerializer.Serialize(warnings, ApiJson.Options), now }) == 1)
            await TellAsync(transaction, id, "finished", null, now);
    }

    /// <summary>Ends an import that can't go on. False where it has ended already.</summary>
    public static async Task<bool> FailAsync(TenantTransaction transaction, Guid id, ImportFailure failure, Instant now)
    {
        var failed = await transaction.ExecuteAsync("""
            UPDATE imports SET status = 'failed', failure_code = @Code, failure_message = @Message, finished_at = @now
            WHERE tenant_id = @TenantId AND import_id = @id AND status IN ('staging', 'queued', 'running')
            """, new { transaction.TenantId, id, failure.Code, failure.Message, now }) == 1;
        if (failed)
            await TellAsync(transaction, id, "failed", failure.Code, now);
        return failed;
    }

    private static Task TellAsync(TenantTransaction transaction, Guid id, string ending, string? code, Instant now) =>
        EventLog.AppendAsync(transaction, [new Event(EventTypes.ImportFinished, now) { ImportId = id, Class = ending, Reason = code }], now);

    public static async Task InsertErrorsAsync(TenantTransaction transaction, Guid id, IReadOnlyList<(long Number, RowError Error)> errors)
    {
        if (errors.Count > 0)
            await transaction.ExecuteAsync("""
                INSERT INTO import_errors (tenant_id, import_id, row, field, code, message, value)
                SELECT @TenantId, @id, * FROM unnest(@rows, @fields, @codes, @messages, @values)
                """, new
            {
                transaction.TenantId,
                id,
                rows = errors.Select(e => e.Number).ToArray(),
                fields = errors.Select(e => e.Error.Field).ToArray(),
                codes = errors.Select(e => e.Error.Code).ToArray(),
                messages = errors.Select(e => e.Error.Message).ToArray(),
                values = errors.Select(e => e.Error.Value).ToArray(),
            });
    }

    public static Task<IReadOnlyList<ImportError>> ListErrorsAsync(TenantTransaction transaction, Guid id, long after, int limit) =>
        transaction.QueryAsync<ImportError>("""
            SELECT row, field, code, message, value FROM import_errors
            WHERE tenant_id = @TenantId AND import_id = @id AND row > @after
            ORDER BY row LIMIT @limit
            """, new { transaction.TenantId, id, after, limit });
}
