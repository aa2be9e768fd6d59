using System.Collections.Concurrent;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Finds campaigns with something due and has each worked off by a run of its own, side by side. Every worker node has
/// one; the claims keep them apart.
/// </summary>
internal sealed partial class Dispatcher(
    Database database, CampaignRuns runs, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<Dispatcher> log)
    : WorkLoop(signal, health, log)
{
    /// <summary>Runs at once: what they have claimed is in memory.</summary>
    private const int MostRuns = 24;

    /// <summary>Of which campaigns more is being claimed, and whose they are.</summary>
    private readonly ConcurrentDictionary<Guid, Guid> _running = new();

    /// <summary>Everything under way, until what came of it is stored.</summary>
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();

    protected override WorkKind Heeds => WorkKind.Deliveries;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var due = await database.LookUpAsync<(Guid TenantId, Guid CampaignId)>(
            "SELECT tenant_id, campaign_id FROM campaigns_to_send(@now)", new { now = clock.GetCurrentInstant() }, ct);
        var waiting = due.Where(c => !_running.ContainsKey(c.CampaignId)).ToList();
        var left = waiting.Count;
        foreach (var (tenantId, campaignId) in InTurn(waiting).Where(c => HasRunFor(c.TenantId)))
        {
            left--;
            _running[campaignId] = tenantId;
            var run = Task.Run(() => RunAsync(tenantId, campaignId, ct), CancellationToken.None);
            _underWay[run] = true;
            _ = run.ContinueWith(_ => _underWay.TryRemove(run, out var _), TaskScheduler.Default);
        }
        runs.OthersWait = left > 0;
        return false;
    }

    /// <summary>
    /// A tenant gets no more runs than it leaves free: one whose relay is slow would have all of them wait for it, and every other tenant too.
    /// </summary>
    private bool HasRunFor(Guid tenantId) => _running.Values.Count(tenant => tenant == tenantId) < MostRuns - _running.Count;

    /// <summary>Tenants with fewer runs come first, and none's second campaign comes before another's first.</summary>
    private IEnumerable<(Guid TenantId, Guid CampaignId)> InTurn(IEnumerable<(Guid TenantId, Guid CampaignId)> campaigns)
    {
        var running = _running.Values.CountBy(tenant => tenant).ToDictionary();
        return campaigns.GroupBy(c => c.TenantId)
            .SelectMany(tenant => tenant.Select((campaign, place) => (campaign, Turn: running.GetValueOrDefault(tenant.Key) + place)))
            .OrderBy(c => c.Turn).Select(c => c.campaign);
    }

    private async Task RunAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        List<Task> open = [];
        try
        {
            await runs.RunAsync(tenantId, campaignId, open, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service stops; what was claimed has been given back.
        }
        catch (Exception fault)
        {
            LogRunFault(fault, campaignId);
        }
        // Another run may claim more of it while a slow mail domain still takes its time over this one's.
        _running.TryRemove(campaignId, out _);
        await Task.WhenAll(open);
        if (open.Count > 0)
            Signal.Wake(WorkKind.Deliveries);
    }

    /// <summary>Lets what is on the wire finish.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_underWay.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending campaign {CampaignId} failed and will be tried again")]
    private partial void LogRunFault(Exception fault, Guid campaignId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
