using System.Diagnostics.Metrics;
using CampaignHub.Core;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Sending;

/// <summary>What sending counts of itself.</summary>
internal sealed class SendingMetrics
{
    private readonly Counter<long> _settled;

    public SendingMetrics(IMeterFactory meters) => _settled = meters.Create(Telemetry.MeterName)
        .CreateCounter<long>("campaignhub.deliveries.settled", description: "Attempts by how they ended: accept, defer, reject, lose and so on.");

    public void Settled(DeliveryTransition transition, int count) => _settled.Add(count, new KeyValuePair<string, object?>("ending", transition.Word()));
}
