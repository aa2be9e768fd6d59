using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>Forgets what was asked 30 days after it expired, confirmed or not, and turns that count no more.</summary>
internal sealed class FormCleanup(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<FormCleanup> log)
    : CleanupLoop(signal, health, log)
{
    private const int Batch = 5_000;

    private static readonly Duration s_kept = Duration.FromDays(30);

    protected override async Task<bool> ForgetAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var more = await ForgetTurnsAsync(now, ct);
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_old_confirmations(@before)", new { before = now - s_kept }, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await ConfirmationStore.DeleteOldAsync(transaction, now - s_kept, Batch);
            await transaction.CommitAsync();
        }
        return more;
    }

    private async Task<bool> ForgetTurnsAsync(Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync([], ct);
        var more = await FormTurnStore.ForgetOldAsync(transaction, now, Batch);
        await transaction.CommitAsync();
        return more;
    }
}
