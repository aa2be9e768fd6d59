using System.Diagnostics.Metrics;
using CampaignHub.Core;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Sending;

/// <summary>What sending counts of itself.</summary>
internal sealed class SendingMetrics
{
    private readonly Counter<long> _settled;

    private readonly Histogram<double> _commitSeconds;
    private readonly Histogram<int> _commitEntries;

    public SendingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.MeterName);
        _settled = meter.CreateCounter<long>("campaignhub.deliveries.settled", description: "Attempts by how they ended: accept, defer, reject, lose and so on.");
        _commitSeconds = meter.CreateHistogram<double>("campaignhub.ledger.commit.duration", "s", "How long a commit of results and marks took.",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.25, 1, 5] });
        _commitEntries = meter.CreateHistogram<int>("campaignhub.ledger.commit.entries", description: "How many results and marks were committed together.",
            advice: new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500] });
    }

    public void Committed(TimeSpan took, int entries)
    {
        _commitSeconds.Record(took.TotalSeconds);
        _commitEntries.Record(entries);
    }

    public void Settled(DeliveryTransition transition, int count) => _settled.Add(count, new KeyValuePair<string, object?>("ending", transition.Word()));
}
