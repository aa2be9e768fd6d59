using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Reports;

/// <summary>Opens or clicks in three views, side by side. <c>human</c> ⊆ <c>without_privacy_proxies</c> ⊆ <c>all</c>.</summary>
/// <param name="All">Hits of every class, scanners and proxies too.</param>
/// <param name="WithoutPrivacyProxies">All but those of proxies that fetch whether or not anybody reads (Apple's Mail Privacy Protection).</param>
/// <param name="Human">Only those of people; opens through Gmail's and Yahoo's image proxies are a person's.</param>
public sealed record HitViewCounts(HitCounts All, HitCounts WithoutPrivacyProxies, HitCounts Human)
{
    internal static HitViewCounts Of(CounterSet counters, HitKind measure, long delivered)
    {
        HitCounts In(HitView view)
        {
            var unique = counters[Counters.Unique(measure, view)];
            return new HitCounts(counters[Counters.Hits(measure, view)], unique, Rates.Of(unique, delivered));
        }
        return new HitViewCounts(In(HitView.All), In(HitView.WithoutPrivacyProxies), In(HitView.Human));
    }
}

/// <summary>Opens or clicks in one view.</summary>
/// <param name="Hits">How often.</param>
/// <param name="Unique">By how many deliveries.</param>
/// <param name="Rate">Unique ÷ delivered, 4 decimals; null while nothing is delivered.</param>
public sealed record HitCounts(long Hits, long Unique, decimal? Rate);

/// <summary>The counters of one key; what was never counted is 0.</summary>
internal sealed class CounterSet(IEnumerable<Rollup> rollups)
{
    private readonly Dictionary<string, long> values = rollups.ToDictionary(r => r.Counter, r => r.Value);

    public long this[string counter] => values.GetValueOrDefault(counter);

    public long Bounced => this[Counters.HardBounces] + this[Counters.SoftBounces];
}
