using System.Globalization;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Tracking.Spool;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CampaignHub.Server.Tracking;

/// <summary>What is amiss with hits, in sentences of <c>/health/ready</c>: links and pixels are answered all the same.</summary>
internal sealed class TrackingHealth(DatabaseReach reach, HitSpool spool, TrackingMetrics metrics, Settings settings) : IHealthCheck
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] sentences = [.. Sentences()];
        return Task.FromResult(sentences.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join(' ', sentences)));
    }

    private IEnumerable<string> Sentences()
    {
        if (metrics.HasDropped(Lately))
            yield return string.Create(CultureInfo.InvariantCulture, $"Hits were answered and not stored in the last minute: more came than the {settings.Tracking.QueuedHits} that may wait, or the spool took no more.");
        if (reach.IsAway)
            yield return string.Create(CultureInfo.InvariantCulture, $"PostgreSQL takes no hits: they wait in the spool, {spool.Bytes / 1e6:0.0} of {settings.Tracking.SpoolMegabytes} MB.");
        if (spool.Aside is { Count: > 0 } aside)
            yield return string.Create(CultureInfo.InvariantCulture, $"Pieces of the spool that could not be stored lie in {aside.Place}: {aside.Count}.");
    }
}
