using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Reports.Live;

/// <summary>
/// The reports that somebody watches on this node: each is read once a second for all of its watchers, and not at all once
/// the last of them has gone.
/// </summary>
internal sealed partial class LiveReports(Database database, FoldedThrough folded, OrderAttributionRule attribution, LiveMetrics metrics, ILogger<LiveReports> log)
{
    /// <summary>Watchers of all reports together. Each holds a connection open and a few kilobytes.</summary>
    public const int MostWatchers = 500;

    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid TenantId, Guid CampaignId), LiveReport> _reports = [];
    private int _watchers;

    /// <summary>Begins to watch; null where there are too many watchers. Dispose of it to end.</summary>
    public LiveWatch? Watch(Guid tenantId, Guid campaignId)
    {
        lock (_gate)
        {
            if (_watchers == MostWatchers)
                return null;
            _watchers++;
            metrics.Watchers(1);
            if (!_reports.TryGetValue((tenantId, campaignId), out var report))
            {
                report = _reports[(tenantId, campaignId)] = new LiveReport();
                _ = ReadAsync(report, tenantId, campaignId);
            }
            report.Watchers++;
            return new LiveWatch(report, () => Leave(report, tenantId, campaignId));
        }
    }

    private void Leave(LiveReport report, Guid tenantId, Guid campaignId)
    {
        lock (_gate)
        {
            _watchers--;
            metrics.Watchers(-1);
            if (--report.Watchers > 0)
                return;
            _reports.Remove((tenantId, campaignId));
            report.Dispose();
        }
    }

    private async Task ReadAsync(LiveReport report, Guid tenantId, Guid campaignId)
    {
        var isFailing = false;
        using var timer = new PeriodicTimer(ReadEvery);
        do
        {
            try
            {
                await using var transaction = await database.BeginPreparedAsync(tenantId, report.Ended);
                report.Show(await Report.ReadAsync(transaction, campaignId, folded, attribution));
                metrics.Read();
                isFailing = false;
            }
            catch (OperationCanceledException) when (report.Ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Watchers keep what they have, which its as_of tells the age of, until it can be read again.
                if (!isFailing)
                    LogFault(fault, campaignId);
                isFailing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None) && !report.Ended.IsCancellationRequested);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The report of campaign {CampaignId} can't be read for those who watch it; the next failures are not logged")]
    private partial void LogFault(Exception fault, Guid campaignId);
}
