using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;

namespace CampaignHub.Server.Reports;

/// <summary>What is counted, under which name: the vocabulary that folding and reading share.</summary>
internal static class Counters
{
    public const string Accepted = "accepted";
    public const string HardBounces = "bounces.hard";
    public const string SoftBounces = "bounces.soft";
    public const string Complaints = "complaints";
    public const string Unsubscribes = "unsubscribes";
    public const string Replies = "replies";

    /// <summary>Event types that are counted one by one.</summary>
    public static IReadOnlyDictionary<string, string> OfTypes { get; } = new Dictionary<string, string>
    {
        [EventTypes.Accepted] = Accepted,
        [EventTypes.Complained] = Complaints,
        [EventTypes.Unsubscribed] = Unsubscribes,
        [EventTypes.Replied] = Replies,
    };

    /// <summary>Event types that are counted as hits and uniques, in each view.</summary>
    public static IReadOnlyDictionary<string, HitKind> Measures { get; } = new Dictionary<string, HitKind>
    {
        [EventTypes.Opened] = HitKind.Open,
        [EventTypes.Clicked] = HitKind.Click,
    };

    /// <summary>Each view with each class that it counts.</summary>
    public static IReadOnlyList<(string View, string Class)> Views { get; } =
    [
        .. from view in HitViews.All
           from hitClass in Enum.GetValues<HitClass>()
           where view.Counts(hitClass)
           select (view.Word(), hitClass.Word()),
    ];

    public static string Hits(HitKind measure, HitView view) => $"{measure.Word()}.{view.Word()}.hits";

    public static string Unique(HitKind measure, HitView view) => $"{measure.Word()}.{view.Word()}.unique";
}
