using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>A report's numbers counted anew from the feed, event by event: what roll-ups must come to.</summary>
internal sealed class Recount(IEnumerable<JsonObject> events)
{
    private static readonly Dictionary<string, Func<string, bool>> Views = new()
    {
        ["all"] = _ => true,
        ["without_privacy_proxies"] = hitClass => hitClass != "privacy_proxy",
        ["human"] = hitClass => hitClass == "human",
    };

    private readonly List<JsonObject> events = [.. events];

    public long Count(string type, string? hitClass = null) =>
        events.Count(e => Text(e, "type") == type && (hitClass is null || Text(e, "class") == hitClass));

    public long Delivered => Count("delivery.accepted") - Count("delivery.bounced");

    public Recount Where(Func<JsonObject, bool> isIn) => new(events.Where(isIn));

    /// <summary>Compares opens or clicks in all three views.</summary>
    public void ShouldBe(JsonNode shown, string type)
    {
        foreach (var (view, counts) in Views)
        {
            var hits = events.Where(e => Text(e, "type") == type && counts(Text(e, "class")!)).ToList();
            var unique = hits.Select(e => Text(e, "delivery_id")).Distinct().Count();
            shown[view]!["hits"]!.GetValue<long>().ShouldBe(hits.Count, $"{type} {view} hits");
            shown[view]!["unique"]!.GetValue<long>().ShouldBe(unique, $"{type} {view} unique");
            ((decimal?)shown[view]!["rate"]).ShouldBe(Rate(unique, Delivered), $"{type} {view} rate");
        }
    }

    public static decimal? Rate(long part, long whole) =>
        whole <= 0 ? null : Math.Round((decimal)part / whole, 4, MidpointRounding.AwayFromZero);

    private static string? Text(JsonObject e, string field) => e[field]?.GetValue<string>();
}
