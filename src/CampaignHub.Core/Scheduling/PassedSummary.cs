using System.Globalization;

namespace CampaignHub.Core.Scheduling;

/// <summary>How many people's moment has passed, and what becomes of them.</summary>
/// <param name="Outcome">The same for all of them.</param>
/// <param name="Recipients">How many they are.</param>
/// <param name="TimeZones">Their zones, the one with most people first.</param>
/// <param name="Sentence">The same in words: "312 people in Auckland and Sydney have passed 10:00: next day".</param>
public sealed record PassedSummary(PassedOutcome Outcome, long Recipients, IReadOnlyList<string> TimeZones, string Sentence)
{
    private const int MostNames = 3;

    /// <summary>One for each outcome that there is, in the order of the outcomes.</summary>
    public static IReadOnlyList<PassedSummary> Of(IReadOnlyCollection<(ZonePlan Zone, long Recipients)> plan) =>
        [.. plan.Where(p => p.Zone.Passed is not null).GroupBy(p => p.Zone.Passed!.Value).OrderBy(g => g.Key).Select(g => Of(g.Key, [.. g]))];

    private static PassedSummary Of(PassedOutcome outcome, IReadOnlyCollection<(ZonePlan Zone, long Recipients)> those)
    {
        var people = those.Sum(p => p.Recipients);
        var zones = those.GroupBy(p => p.Zone.TimeZone).OrderByDescending(g => g.Sum(p => p.Recipients)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key).ToList();
        var times = those.Select(p => p.Zone.Local?.TimeOfDay).Distinct().ToList();
        var time = times is [{ } one] ? ScheduleFormats.Time.Format(one) : "their moment";
        return new PassedSummary(outcome, people, zones, $"{Count(people)} in {Names(zones)} {(people == 1 ? "has" : "have")} passed {time}: {Words(outcome)}");
    }

    private static string Words(PassedOutcome outcome) => outcome switch
    {
        PassedOutcome.AtOnce => "sent at once",
        PassedOutcome.NextDay => "next day",
        _ => "not sent",
    };

    /// <summary>Such as "312 people".</summary>
    internal static string Count(long people) => people == 1 ? "1 person" : $"{people.ToString("N0", CultureInfo.InvariantCulture)} people";

    private static string Names(List<string> zones)
    {
        var names = zones.Take(zones.Count > MostNames ? MostNames - 1 : MostNames).Select(City).ToList();
        if (zones.Count > MostNames)
            names.Add($"{zones.Count - names.Count} more zones");
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    private static string City(string zone) => zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ');
}
