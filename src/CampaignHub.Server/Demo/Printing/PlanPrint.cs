using CampaignHub.Server.Demo.Client;
using NodaTime;

namespace CampaignHub.Server.Demo.Printing;

/// <summary>A plan as a table and a strip of bars by UTC hour.</summary>
internal static class PlanPrint
{
    private const int Shown = 12;
    private const string Levels = " ▁▂▃▄▅▆▇█";

    private static readonly (string City, DateTimeZone Zone)[] s_cities =
    [
        ("New York", DateTimeZoneProviders.Tzdb["America/New_York"]), ("Berlin", DateTimeZoneProviders.Tzdb["Europe/Berlin"]), ("Tokyo", DateTimeZoneProviders.Tzdb["Asia/Tokyo"]),
    ];

    public static void Print(IDemoPrinter printer, Plan plan)
    {
        printer.Say($"{Words.Number(plan.Recipients)} people at {plan.Instants.Count} instants (tzdb {plan.Tzdb}); left out: "
            + string.Join(", ", plan.Excluded.Select(reason => $"{Words.Number(reason.Value)} {reason.Key}")) + ".");
        printer.Say("Their zones come from: " + string.Join(", ", plan.ZoneSources.Where(s => s.Value > 0).OrderByDescending(s => s.Value).Select(s => $"{s.Key} {Words.Number(s.Value)}")) + ".");
        PrintInstants(printer, plan.Instants);
        PrintStrip(printer, plan.Instants);
    }

    private static void PrintInstants(IDemoPrinter printer, IReadOnlyList<PlannedInstant> instants)
    {
        var largest = instants.OrderByDescending(instant => instant.Recipients).Take(Shown).OrderBy(instant => instant.DueAt).ToList();
        printer.Say($"The {largest.Count} largest of them:");
        printer.Table(["UTC", ">people", "local", "zones", "the day before"], [.. largest.Select(instant => (IReadOnlyList<string>)
        [
            Words.Hour(instant.DueAt), Words.Number(instant.Recipients), instant.Zones[0].Local ?? "", Words.Zones(instant.Zones, 2), DayBefore(instant),
        ])]);
    }

    /// <summary>Where clocks changed overnight, the same local time came at another UTC hour the day before.</summary>
    private static string DayBefore(PlannedInstant instant)
    {
        if (instant.DueAt is not { } due)
            return "";
        var earlier = instant.Zones.Select(zone => DateTimeZoneProviders.Tzdb[zone.TimeZone])
            .Select(zone => (due.InZone(zone).LocalDateTime - Period.FromDays(1)).InZoneLeniently(zone).ToInstant())
            .FirstOrDefault(before => before != due - Duration.FromDays(1));
        return earlier == default ? "" : $"{Words.Hour(earlier)}: clocks changed";
    }

    private static void PrintStrip(IDemoPrinter printer, IReadOnlyList<PlannedInstant> instants)
    {
        var byHour = instants.Where(i => i.DueAt is not null).ToLookup(i => i.DueAt!.Value.ToUnixTimeSeconds() / 3600, i => i.Recipients);
        var first = byHour.Min(hour => hour.Key);
        var counts = Enumerable.Range(0, (int)(byHour.Max(hour => hour.Key) - first) + 1).Select(i => byHour[first + i].Sum()).ToArray();
        var most = counts.Max();
        var from = Instant.FromUnixTimeSeconds(first * 3600);
        printer.Say("By UTC hour, from " + Words.Hour(from) + " to " + Words.Hour(from + Duration.FromHours(counts.Length - 1)) + ":");
        printer.Say("  |" + string.Concat(counts.Select(count => Levels[(int)Math.Ceiling(8.0 * count / most)])) + "|  fullest hour: " + Words.Number(most));
        printer.Say("   " + string.Concat(Enumerable.Range(0, counts.Length).Select(i => (from + Duration.FromHours(i)).InUtc().Hour)
            .Select(hour => hour == 0 ? '0' : hour % 6 == 0 ? (char)('a' + hour / 6 - 1) : '.')) + "   0 midnight, a 06:00, b 12:00, c 18:00 UTC");
        foreach (var (city, zone) in s_cities)
            printer.Say("   " + string.Concat(Enumerable.Range(0, counts.Length).Select(i => IsDay(from + Duration.FromHours(i), zone) ? '─' : '·')) + $"   {city}: ─ day, · night");
    }

    private static bool IsDay(Instant at, DateTimeZone zone) => at.InZone(zone).Hour is >= 8 and < 21;
}
