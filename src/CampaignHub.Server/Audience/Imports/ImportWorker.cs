using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// Merges staged files: of each tenant the oldest, a batch at a time and in turn, so that nobody waits behind another's
/// million. Gives up uploads that fell silent, and clears away what they staged.
/// </summary>
internal sealed class ImportWorker(Database database, ImportMerge merge, FailedImports failed, WorkSignal signal, WorkerHealth health, ILogger<ImportWorker> log)
    : WorkLoop(signal, health, log)
{
    private static readonly TimeSpan ClearEvery = TimeSpan.FromMinutes(1);
    private long _clearedAt = long.MinValue / 2;

    protected override WorkKind Heeds => WorkKind.Imports;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await ClearAsync(ct);
        var due = await database.LookUpAsync<DueImport>("SELECT tenant_id, import_id, status FROM imports_to_work_off()", null, ct);
        foreach (var silent in due.Where(i => i.Status == "staging"))
            await failed.EndAsync(silent.TenantId, silent.ImportId, ImportFailures.Interrupted);
        var more = false;
        foreach (var oldest in due.Where(i => i.Status != "staging").DistinctBy(i => i.TenantId))
            more |= await merge.StepAsync(oldest.TenantId, oldest.ImportId, ct);
        return more;
    }

    private async Task ClearAsync(CancellationToken ct)
    {
        if (Environment.TickCount64 - _clearedAt < ClearEvery.TotalMilliseconds)
            return;
        await StagingTable.DropOrphansAsync(database, ct);
        _clearedAt = Environment.TickCount64;
    }

    private sealed record DueImport
    {
        public Guid TenantId { get; init; }
        public Guid ImportId { get; init; }
        public string Status { get; init; } = "";
    }
}
