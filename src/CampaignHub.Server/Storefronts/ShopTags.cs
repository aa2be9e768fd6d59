using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Storefronts;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Storefronts;

/// <summary>
/// A person's tags after a message, and the other attributes that come from a shop. A tag that was added or removed has its instant,
/// so that of two messages that come in the wrong order the later one's word on each tag stands.
/// </summary>
internal sealed class ShopTags
{
    private const int MostTimes = 500;

    private readonly ShopPerson _person;
    private readonly bool _isNews;
    private readonly Instant _at;
    private readonly Dictionary<string, Instant> _times;

    private ShopTags(ShopPerson person, bool isNews, Instant at, Dictionary<string, Instant> times) => (_person, _isNews, _at, _times) = (person, isNews, at, times);

    /// <summary>When each was last added or removed, with this message.</summary>
    public string Times => JsonSerializer.Serialize(_times.OrderByDescending(t => t.Value).Take(MostTimes)
        .ToDictionary(t => t.Key, t => InstantPattern.ExtendedIso.Format(t.Value)));

    public static ShopTags Of(ShopCustomer customer, ShopPerson person, bool isNews, Instant at)
    {
        var times = JsonSerializer.Deserialize<Dictionary<string, string>>(customer.TagTimes)!.ToDictionary(t => t.Key, t => InstantPattern.ExtendedIso.Parse(t.Value).Value);
        return new ShopTags(person, isNews, at, times);
    }

    public string ApplyTo(string attributesJson, string? consentLevel)
    {
        var attributes = JsonNode.Parse(attributesJson)!.AsObject();
        HashSet<string> before = [.. TagsOf(attributes)];
        var tags = _isNews && _person.Tags is { } all ? [.. all] : before.ToHashSet();
        Apply(_person.AddedTags, tags.Add);
        Apply(_person.RemovedTags, tags.Remove);
        if (!tags.SetEquals(before))
            attributes["tags"] = new JsonArray([.. tags.Order(StringComparer.Ordinal).Select(tag => (JsonNode)tag)]);
        if (consentLevel is not null)
            attributes["consent_level"] = consentLevel;
        return Kept(attributes, attributesJson);
    }

    public static string WithOrders(string attributesJson, BoughtSoFar? bought)
    {
        var attributes = JsonNode.Parse(attributesJson)!.AsObject();
        attributes["orders_count"] = bought?.Orders ?? 0;
        attributes["orders_total"] = bought?.Total ?? 0;
        attributes["orders_currency"] = bought?.Currency;
        attributes["last_order_at"] = bought is null ? null : InstantPattern.General.Format(bought.LastOrderAt);
        return Kept(attributes, attributesJson);
    }

    /// <summary>The very same text where nothing has changed, or where there is no room: what the tenant keeps there goes before.</summary>
    private static string Kept(JsonObject attributes, string before) =>
        !JsonNode.DeepEquals(attributes, JsonNode.Parse(before)) && RecipientAttributes.Check(JsonSerializer.SerializeToElement(attributes), out var json) is null ? json! : before;

    private static IEnumerable<string> TagsOf(JsonObject attributes) => attributes["tags"] is JsonArray tags
        ? tags.Select(tag => tag?.GetValueKind() == JsonValueKind.String ? tag.GetValue<string>() : null).OfType<string>() : [];

    private void Apply(IReadOnlyList<string> tags, Func<string, bool> apply)
    {
        foreach (var tag in tags.Where(tag => !_times.TryGetValue(tag, out var last) || last <= _at))
        {
            apply(tag);
            _times[tag] = _at;
        }
    }
}
