using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Reports;

/// <summary>The counters of one key of a campaign, named as their columns; what was never counted is 0.</summary>
internal sealed record Rollup
{
    public const string Columns = """
        campaign_id, dimension, key,
        accepted, bounces_hard, bounces_soft, complaints, unsubscribes, replies, open_all_hits, open_all_unique,
        open_without_privacy_proxies_hits, open_without_privacy_proxies_unique, open_human_hits, open_human_unique,
        click_all_hits, click_all_unique, click_without_privacy_proxies_hits, click_without_privacy_proxies_unique,
        click_human_hits, click_human_unique
        """;

    /// <summary>The same, each summed.</summary>
    public static readonly string Sums = string.Join(", ", new Rollup().Counts.Select(c => $"sum({c.Counter})::bigint AS {c.Counter}"));

    public Guid CampaignId { get; init; }
    public string Dimension { get; init; } = "";
    public string Key { get; init; } = "";
    public long Accepted { get; init; }
    public long BouncesHard { get; init; }
    public long BouncesSoft { get; init; }
    public long Complaints { get; init; }
    public long Unsubscribes { get; init; }
    public long Replies { get; init; }
    public long OpenAllHits { get; init; }
    public long OpenAllUnique { get; init; }
    public long OpenWithoutPrivacyProxiesHits { get; init; }
    public long OpenWithoutPrivacyProxiesUnique { get; init; }
    public long OpenHumanHits { get; init; }
    public long OpenHumanUnique { get; init; }
    public long ClickAllHits { get; init; }
    public long ClickAllUnique { get; init; }
    public long ClickWithoutPrivacyProxiesHits { get; init; }
    public long ClickWithoutPrivacyProxiesUnique { get; init; }
    public long ClickHumanHits { get; init; }
    public long ClickHumanUnique { get; init; }

    public long Bounced => BouncesHard + BouncesSoft;

    public long Delivered => Accepted - Bounced;

    /// <summary>The rates, of opens and clicks those of people.</summary>
    public CampaignRates Rates => Core.Reports.Rates.Of(new CampaignCounts(
        Accepted, Bounced, OpenHumanUnique, ClickHumanUnique, Complaints, Unsubscribes, Replies));

    public long Hits(HitKind measure, HitView view) => (measure, view) switch
    {
        (HitKind.Open, HitView.All) => OpenAllHits,
        (HitKind.Open, HitView.WithoutPrivacyProxies) => OpenWithoutPrivacyProxiesHits,
        (HitKind.Open, HitView.Human) => OpenHumanHits,
        (HitKind.Click, HitView.All) => ClickAllHits,
        (HitKind.Click, HitView.WithoutPrivacyProxies) => ClickWithoutPrivacyProxiesHits,
        (HitKind.Click, HitView.Human) => ClickHumanHits,
        _ => throw new ArgumentOutOfRangeException(nameof(view), view, "No such view."),
    };

    public long Unique(HitKind measure, HitView view) => (measure, view) switch
    {
        (HitKind.Open, HitView.All) => OpenAllUnique,
        (HitKind.Open, HitView.WithoutPrivacyProxies) => OpenWithoutPrivacyProxiesUnique,
        (HitKind.Open, HitView.Human) => OpenHumanUnique,
        (HitKind.Click, HitView.All) => ClickAllUnique,
        (HitKind.Click, HitView.WithoutPrivacyProxies) => ClickWithoutPrivacyProxiesUnique,
        (HitKind.Click, HitView.Human) => ClickHumanUnique,
        _ => throw new ArgumentOutOfRangeException(nameof(view), view, "No such view."),
    };

    /// <summary>Each counter by its column's name.</summary>
    public IEnumerable<(string Counter, long Value)> Counts =>
    [
        ("accepted", Accepted),
        ("bounces_hard", BouncesHard),
        ("bounces_soft", BouncesSoft),
        ("complaints", Complaints),
        ("unsubscribes", Unsubscribes),
        ("replies", Replies),
        ("open_all_hits", OpenAllHits),
        ("open_all_unique", OpenAllUnique),
        ("open_without_privacy_proxies_hits", OpenWithoutPrivacyProxiesHits),
        ("open_without_privacy_proxies_unique", OpenWithoutPrivacyProxiesUnique),
        ("open_human_hits", OpenHumanHits),
        ("open_human_unique", OpenHumanUnique),
        ("click_all_hits", ClickAllHits),
        ("click_all_unique", ClickAllUnique),
        ("click_without_privacy_proxies_hits", ClickWithoutPrivacyProxiesHits),
        ("click_without_privacy_proxies_unique", ClickWithoutPrivacyProxiesUnique),
        ("click_human_hits", ClickHumanHits),
        ("click_human_unique", ClickHumanUnique),
    ];

    /// <summary>What is left of a whole without some of its parts; of no key.</summary>
    public Rollup Without(IReadOnlyCollection<Rollup> parts) => new()
    {
        Accepted = Accepted - parts.Sum(p => p.Accepted),
        BouncesHard = BouncesHard - parts.Sum(p => p.BouncesHard),
        BouncesSoft = BouncesSoft - parts.Sum(p => p.BouncesSoft),
        Complaints = Complaints - parts.Sum(p => p.Complaints),
        Unsubscribes = Unsubscribes - parts.Sum(p => p.Unsubscribes),
        Replies = Replies - parts.Sum(p => p.Replies),
        OpenAllHits = OpenAllHits - parts.Sum(p => p.OpenAllHits),
        OpenAllUnique = OpenAllUnique - parts.Sum(p => p.OpenAllUnique),
        OpenWithoutPrivacyProxiesHits = OpenWithoutPrivacyProxiesHits - parts.Sum(p => p.OpenWithoutPrivacyProxiesHits),
        OpenWithoutPrivacyProxiesUnique = OpenWithoutPrivacyProxiesUnique - parts.Sum(p => p.OpenWithoutPrivacyProxiesUnique),
        OpenHumanHits = OpenHumanHits - parts.Sum(p => p.OpenHumanHits),
        OpenHumanUnique = OpenHumanUnique - parts.Sum(p => p.OpenHumanUnique),
        ClickAllHits = ClickAllHits - parts.Sum(p => p.ClickAllHits),
        ClickAllUnique = ClickAllUnique - parts.Sum(p => p.ClickAllUnique),
        ClickWithoutPrivacyProxiesHits = ClickWithoutPrivacyProxiesHits - parts.Sum(p => p.ClickWithoutPrivacyProxiesHits),
        ClickWithoutPrivacyProxiesUnique = ClickWithoutPrivacyProxiesUnique - parts.Sum(p => p.ClickWithoutPrivacyProxiesUnique),
        ClickHumanHits = ClickHumanHits - parts.Sum(p => p.ClickHumanHits),
        ClickHumanUnique = ClickHumanUnique - parts.Sum(p => p.ClickHumanUnique),
    };
}
