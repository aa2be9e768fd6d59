using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Reports;

/// <summary>By how many deliveries, in three views: <c>human</c> ⊆ <c>without_privacy_proxies</c> ⊆ <c>all</c>.</summary>
/// <param name="All">Counting hits of every class.</param>
/// <param name="WithoutPrivacyProxies">All but those of proxies that fetch whether or not anybody reads.</param>
/// <param name="Human">Only those of people.</param>
public sealed record UniqueCounts(long All, long WithoutPrivacyProxies, long Human)
{
    internal static UniqueCounts Of(Rollup counters, HitKind measure) =>
        new(counters.Unique(measure, HitView.All), counters.Unique(measure, HitView.WithoutPrivacyProxies), counters.Unique(measure, HitView.Human));
}
