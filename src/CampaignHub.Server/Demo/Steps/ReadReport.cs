using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;
using CampaignHub.Server.Demo.Readers;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>Hits are judged once their neighbours are known, and folded; then the report is shown.</summary>
internal static class ReadReport
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static async Task<Report> RunAsync(Play play, Guid campaignId, Diary diary)
    {
        play.Printer.Step("Reporting");
        var report = await Waiting.LookAsync(
            () => play.Hub.GetAsync<Report>($"/v1/campaigns/{campaignId}/report", play.Interrupted),
            report => IsWhole(report, diary), s_patience, play.Interrupted);
        ReportPrint.Print(play.Printer, report);
        await PrintBreakdownAsync(play, campaignId, "country", "Open rate of people by country (most mail first):");
        await PrintBreakdownAsync(play, campaignId, "local_hour", "Open rate of people by the planned local hour:");
        return report;
    }

    private static bool IsWhole(Report report, Diary diary) =>
        report.Opens.All.Hits >= diary.OpenRequests && report.Clicks.All.Hits >= diary.ClickRequests
        && report.Unsubscribes >= diary.Who(Deed.Unsubscribed).Count && report is { Bounces.Hard: > 0, Complaints: > 0, Orders: > 0 };

    private static async Task PrintBreakdownAsync(Play play, Guid campaignId, string by, string title) => ReportPrint.Print(
        play.Printer, title, await play.Hub.GetAsync<Breakdown>($"/v1/campaigns/{campaignId}/report/breakdown?by={by}", play.Interrupted));
}
