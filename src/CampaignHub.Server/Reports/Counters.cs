using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;

namespace CampaignHub.Server.Reports;

/// <summary>What is counted in which column of <see cref="Rollup"/>.</summary>
internal static class Counters
{
    /// <summary>Event types that are counted one by one.</summary>
    public static IReadOnlyDictionary<string, string> OfTypes { get; } = new Dictionary<string, string>
    {
        [EventTypes.Accepted] = "accepted",
        [EventTypes.Complained] = "complaints",
        [EventTypes.Unsubscribed] = "unsubscribes",
        [EventTypes.Replied] = "replies",
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
}
