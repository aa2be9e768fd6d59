using System.Diagnostics.Metrics;
using CampaignHub.Core;
using CampaignHub.Core.Inbound;

namespace CampaignHub.Server.Inbound;

/// <summary>What came back, by class, and what was refused.</summary>
internal sealed class InboundMetrics
{
    private readonly Counter<long> _reports;
    private readonly Counter<long> _refused;

    public InboundMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CampaignHub");
        _reports = meter.CreateCounter<long>("campaignhub_inbound_reports", description: "Mails that came back, by class; each once.");
        _refused = meter.CreateCounter<long>("campaignhub_inbound_refused", description: "Recipients that were refused because no return path of ours stands in them.");
    }

    public void Reported(InboundClass kind) => _reports.Add(1, new KeyValuePair<string, object?>("class", kind.Word()));

    public void Refused() => _refused.Add(1);
}
