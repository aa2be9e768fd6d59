using CampaignHub.Server.Demo.Client;

namespace CampaignHub.Server.Demo.Printing;

/// <summary>A report as tables and bars.</summary>
internal static class ReportPrint
{
    private const int Shown = 12;

    public static void Print(IDemoPrinter printer, Report report)
    {
        printer.Say("Deliveries: " + string.Join(", ", report.Deliveries.Where(state => state.Value > 0).Select(state => $"{state.Key} {Words.Number(state.Value)}"))
            + $"; unsubscribed {Words.Number(report.Unsubscribes)}, bounced {Words.Number(report.Bounces.Hard)}, complained {Words.Number(report.Complaints)}. "
            + $"Orders after a click: {Words.Number(report.Orders)}, {string.Join(", ", report.Revenue.Select(r => FormattableString.Invariant($"{r.Key} {r.Value:0.00}")))}.");
        printer.Table(["counted", ">opens", ">unique", ">open rate", ">clicks", ">unique", ">click rate"],
        [
            Row("everything", report.Opens.All, report.Clicks.All),
            Row("without privacy proxies", report.Opens.WithoutPrivacyProxies, report.Clicks.WithoutPrivacyProxies),
            Row("people only", report.Opens.Human, report.Clicks.Human),
        ]);
    }

    /// <summary>Human open rates by key, those with most mail.</summary>
    public static void Print(IDemoPrinter printer, string title, Breakdown breakdown)
    {
        var rows = breakdown.Data.OrderByDescending(row => row.Accepted).ThenBy(row => row.Key, StringComparer.Ordinal).Take(Shown);
        printer.Bars(title, [.. rows.Select(row => new Bar(
            row.Key ?? "unknown", (double)(row.Opens.Human.Rate ?? 0),
            $"{Words.Percent(row.Opens.Human.Rate)} of {Words.Number(row.Accepted)}, clicked {Words.Percent(row.Clicks.Human.Rate)}"))]);
    }

    private static string[] Row(string what, Measure opens, Measure clicks) =>
    [
        what, Words.Number(opens.Hits), Words.Number(opens.Unique), Words.Percent(opens.Rate),
        Words.Number(clicks.Hits), Words.Number(clicks.Unique), Words.Percent(clicks.Rate),
    ];
}
