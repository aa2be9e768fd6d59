using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Reports;

/// <summary>Opens or clicks in three views, side by side. <c>human</c> ⊆ <c>without_privacy_proxies</c> ⊆ <c>all</c>.</summary>
/// <param name="All">Hits of every class, scanners and proxies too.</param>
/// <param name="WithoutPrivacyProxies">All but those of proxies that fetch whether or not anybody reads (Apple's Mail Privacy Protection).</param>
/// <param name="Human">Only those of people; opens through Gmail's and Yahoo's image proxies are a person's.</param>
public sealed record HitViewCounts(HitCounts All, HitCounts WithoutPrivacyProxies, HitCounts Human)
{
    internal static HitViewCounts Of(Rollup counters, HitKind measure, long? delivered)
    {
        HitCounts In(HitView view)
        {
            var unique = counters.Unique(measure, view);
            return new HitCounts(counters.Hits(measure, view), unique, delivered is { } whole ? Rates.Of(unique, whole) : null);
        }
        return new HitViewCounts(In(HitView.All), In(HitView.WithoutPrivacyProxies), In(HitView.Human));
    }
}

/// <summary>Opens or clicks in one view.</summary>
/// <param name="Hits">How often.</param>
/// <param name="Unique">By how many deliveries.</param>
/// <param name="Rate">Unique ÷ delivered, 4 decimals; null while nothing is delivered.</param>
public sealed record HitCounts(long Hits, long Unique, decimal? Rate);
