using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>Forgets what was asked 30 days after it expired, confirmed or not, and turns that count no more.</summary>
internal sealed class FormCleanup(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<FormCleanup> log)
    : CleanupLoop(database, signal, health, log)
{
    private const int Batch = 5_000;

    private static readonly Duration s_kept = Duration.FromDays(30);

    protected override async Task<bool> ForgetAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var before = now - s_kept;
        return await ForgetAsync(transaction => FormTurnStore.ForgetOldAsync(transaction, now, Batch), ct)
            | await ForgetByTenantAsync("tenants_with_old_confirmations(@before)", new { before }, transaction => ConfirmationStore.DeleteOldAsync(transaction, before, Batch), ct);
    }
}
