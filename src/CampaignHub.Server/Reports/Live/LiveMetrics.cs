using System.Diagnostics.Metrics;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Reports.Live;

/// <summary>What live reports count of themselves.</summary>
internal sealed class LiveMetrics
{
    private readonly UpDownCounter<int> _watchers;
    private readonly Counter<long> _reads;

    public LiveMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.MeterName);
        _watchers = meter.CreateUpDownCounter<int>("campaignhub.live.watchers", description: "Watchers of live reports on this node.");
        _reads = meter.CreateCounter<long>("campaignhub.live.reads", description: "Reports that were read for their watchers.");
    }

    public void Watchers(int change) => _watchers.Add(change);

    public void Read() => _reads.Add(1);
}
