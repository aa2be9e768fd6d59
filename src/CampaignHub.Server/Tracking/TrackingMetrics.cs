using System.Diagnostics.Metrics;
using CampaignHub.Core;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking;

/// <summary>What tracking counts of itself.</summary>
internal sealed class TrackingMetrics
{
    private readonly Counter<long> stored;
    private readonly Counter<long> notStored;

    public TrackingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.MeterName);
        stored = meter.CreateCounter<long>("campaignhub.tracking.stored", description: "Hits that were stored before they were answered.");
        notStored = meter.CreateCounter<long>("campaignhub.tracking.not_stored", description: "Hits that were answered but could not be stored.");
    }

    public void Stored(int hits) => stored.Add(hits);

    public void NotStored(HitKind kind) => notStored.Add(1, new KeyValuePair<string, object?>("kind", kind.Word()));
}
