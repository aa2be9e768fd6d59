using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using NodaTime;
using NodaTime.TimeZones;
using TimeZoneConverter;

namespace CampaignHub.Core.Audience;

/// <summary>Zone names as people, shops and Windows write them → ids of the tz database.</summary>
public static class TimeZones
{
    /// <summary>The longest id or display name that is looked at, in characters.</summary>
    private const int MaxLength = 100;

    private static readonly FrozenDictionary<string, string> Ids =
        DateTimeZoneProviders.Tzdb.Ids.ToFrozenDictionary(id => id, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Abbreviations that tzdb doesn't know as ids (it does EST, MST, CET, EET …) and that mean one place wherever they
    /// are used. CST follows tzdb's EST and MST to America; IST means three countries and is refused.
    /// </summary>
    private static readonly FrozenDictionary<string, string> Abbreviations = new Dictionary<string, string>
    {
        ["PST"] = "America/Los_Angeles",
        ["PDT"] = "America/Los_Angeles",
        ["MDT"] = "America/Denver",
        ["CST"] = "America/Chicago",
        ["CDT"] = "America/Chicago",
        ["EDT"] = "America/New_York",
        ["AKST"] = "America/Anchorage",
        ["BRT"] = "America/Sao_Paulo",
        ["BST"] = "Europe/London",
        ["CEST"] = "Europe/Berlin",
        ["EEST"] = "Europe/Athens",
        ["MSK"] = "Europe/Moscow",
        ["JST"] = "Asia/Tokyo",
        ["KST"] = "Asia/Seoul",
        ["HKT"] = "Asia/Hong_Kong",
        ["SGT"] = "Asia/Singapore",
        ["AWST"] = "Australia/Perth",
        ["AEST"] = "Australia/Sydney",
        ["AEDT"] = "Australia/Sydney",
        ["NZST"] = "Pacific/Auckland",
        ["NZDT"] = "Pacific/Auckland",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The zones to choose among, one for each place that tzdb tells apart, by their ids.</summary>
    public static IReadOnlyList<string> Places { get; } =
        [.. TzdbDateTimeZoneSource.Default.ZoneLocations!.Select(place => place.ZoneId).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// Takes, in this order and any case: an id of tzdb (links are kept as given, in tzdb's spelling), an abbreviation,
    /// a Windows name, a name of Rails' list as Shopify shows it, with or without <c>(GMT-08:00)</c> before it.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? ianaId, [NotNullWhen(false)] out string? problem)
    {
        var name = (text ?? "").Trim();
        ianaId = name.Length is 0 or > MaxLength ? null : Find(name.Replace(' ', '_')) ?? Find(name) ?? Find(WithoutOffset(name));
        problem = ianaId is null ? ProblemOf(name) : null;
        return ianaId is not null;
    }

    private static string? Find(string name)
    {
        if (Ids.TryGetValue(name, out var id) || Abbreviations.TryGetValue(name, out id))
            return id;
        if (TZConvert.TryWindowsToIana(name, out var found) || TZConvert.TryRailsToIana(name, out found))
            return Ids.GetValueOrDefault(found);
        return null;
    }

    private static string WithoutOffset(string name) =>
        name.StartsWith('(') && name.IndexOf(')') is var end and > 0 ? name[(end + 1)..].Trim() : name;

    private static string ProblemOf(string name) => name.Length > MaxLength
        ? $"A time zone's name has at most {MaxLength} characters."
        : $"\"{name}\" is not a time zone of the IANA database, such as Europe/Berlin.";
}
