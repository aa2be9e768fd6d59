using System.Diagnostics.Metrics;
using CampaignHub.Core;
using CampaignHub.Core.Storefronts;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Storefronts;

/// <summary>What shops posted.</summary>
internal sealed class StorefrontMetrics
{
    private readonly Counter<long> _stored;
    private readonly Counter<long> _refused;

    public StorefrontMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.MeterName);
        _stored = meter.CreateCounter<long>("campaignhub.storefronts.stored", description: "Messages of shops that were stored before they were answered, replays included.");
        _refused = meter.CreateCounter<long>("campaignhub.storefronts.refused", description: "Messages that were refused for want of a right signature; nothing of them was stored.");
    }

    public void Stored(StorefrontKind kind) => _stored.Add(1, new KeyValuePair<string, object?>("kind", kind.Word()));

    public void Refused(StorefrontKind kind) => _refused.Add(1, new KeyValuePair<string, object?>("kind", kind.Word()));
}
