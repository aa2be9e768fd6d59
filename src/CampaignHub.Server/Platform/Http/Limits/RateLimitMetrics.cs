using System.Diagnostics.Metrics;

namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>Whom limits turned away.</summary>
internal sealed class RateLimitMetrics
{
    private readonly Counter<long> _refused;

    public RateLimitMetrics(IMeterFactory meters) => _refused = meters.Create(Telemetry.MeterName)
        .CreateCounter<long>("campaignhub.rate_limited", description: "Requests that were answered 429, by the limit's name.");

    public void Refused(RateLimitPolicy policy) => _refused.Add(1, new KeyValuePair<string, object?>("policy", policy.Name));
}
