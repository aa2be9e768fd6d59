using CampaignHub.Core.Campaigns;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Scheduling;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Keeps the ledger true whatever died: leases that ran out, what this node held before it was started again, the
/// uncertain, waves with nothing left, and campaigns that are finished.
/// </summary>
internal sealed partial class LedgerSweeper(
    Database database, Node node, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<LedgerSweeper> log) : WorkLoop(signal, health, log)
{
    /// <summary>
    /// After the database was away, workers that live renew their leases and store what they hold before anybody takes it
    /// from them. Nobody knows at the start whether it was.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(10);

    /// <summary>When the database last answered.</summary>
    private long _answeredAt = long.MinValue / 2;
    private long _takesOverFrom;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before this process has claimed anything, all that its node holds was left by the one before it.
        await SortOutAsync(leasesToo: true, node.Id, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override WorkKind Heeds => WorkKind.Deliveries;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await SortOutAsync(MayTakeOver(), null, ct);
        Answered(); // only now: while the database is away, it is tried again and again
        foreach (var (tenantId, campaignId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, campaign_id FROM campaigns_in_flight()", null, ct))
        {
            await FinishAsync(tenantId, campaignId, ct);
            Answered(); // of hundreds, all together may take longer than the database has to be silent to have been away
        }
        return false;
    }

    private void Answered() => _answeredAt = Environment.TickCount64;

    private bool MayTakeOver()
    {
        var now = Environment.TickCount64;
        if (now - _answeredAt > Away.TotalMilliseconds)
            _takesOverFrom = now + (long)Grace.TotalMilliseconds;
        return now >= _takesOverFrom;
    }

    private async Task SortOutAsync(bool leasesToo, Guid? restartedNode, CancellationToken ct)
    {
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_stranded_deliveries(@restartedNode)", new { restartedNode }, ct))
        {
            var now = clock.GetCurrentInstant();
            await using var transaction = await database.BeginAsync(tenantId, ct);
            if (leasesToo)
                await LeaseStore.SortOutAsync(transaction, restartedNode, now);
            await LeaseStore.ResolveUncertainAsync(transaction, now);
            await transaction.CommitAsync();
            Signal.Wake(WorkKind.Deliveries);
        }
    }

    private async Task FinishAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await WaveStore.CloseEmptyAsync(transaction, campaignId);
        await CampaignStore.FinishAsync(transaction, campaignId, clock.GetCurrentInstant());
        var strays = await LeaseStore.RecoverStraysAsync(transaction, campaignId, clock.GetCurrentInstant());
        await transaction.CommitAsync();
        if (strays > 0)
            LogStrays(strays, campaignId);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} deliveries of campaign {CampaignId} were found nowhere and have come back: please report this")]
    private partial void LogStrays(int count, Guid campaignId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
