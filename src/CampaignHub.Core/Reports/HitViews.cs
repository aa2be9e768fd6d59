using CampaignHub.Core.Tracking;

namespace CampaignHub.Core.Reports;

/// <summary>The three views in which a report shows the same hits side by side.</summary>
public enum HitView
{
    /// <summary><c>all</c>: every class.</summary>
    All,

    /// <summary><c>without_privacy_proxies</c>: every class but <see cref="HitClass.PrivacyProxy"/>.</summary>
    WithoutPrivacyProxies,

    /// <summary><c>human</c>: only <see cref="HitClass.Human"/>.</summary>
    Human,
}

/// <summary>Which classes of hit a view counts. <c>human</c> ⊆ <c>without_privacy_proxies</c> ⊆ <c>all</c>.</summary>
public static class HitViews
{
    /// <summary>The views, widest first.</summary>
    public static IReadOnlyList<HitView> All { get; } = [HitView.All, HitView.WithoutPrivacyProxies, HitView.Human];

    /// <summary>Whether a hit of this class counts in the view.</summary>
    public static bool Counts(this HitView view, HitClass hitClass) => view switch
    {
        HitView.All => true,
        HitView.WithoutPrivacyProxies => hitClass != HitClass.PrivacyProxy,
        HitView.Human => hitClass == HitClass.Human,
        _ => throw new ArgumentOutOfRangeException(nameof(view), view, "No such view."),
    };
}
