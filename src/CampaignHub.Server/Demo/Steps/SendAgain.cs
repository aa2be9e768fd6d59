using System.Globalization;
using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;
using NodaTime;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>A second campaign, and its plan.</summary>
internal sealed record SecondCampaign(Plan Plan, SentCampaign Sent);

/// <summary>A second campaign goes to the same list, all at once: without those who unsubscribed, and at any hour of their day.</summary>
internal static class SendAgain
{
    public static async Task<SecondCampaign> RunAsync(Play play, SentCampaign first)
    {
        play.Printer.Step("Sending a second campaign to the same list, at once");
        var campaign = await play.Hub.PostAsync<Created>("/v1/campaigns",
            await WriteCampaign.DraftAsync(play, "At once", new { strategy = "now" }), play.Interrupted);
        var plan = await PlanCampaign.ComputeAsync(play, campaign.Id);
        await play.Hub.PostAsync<Campaign>($"/v1/campaigns/{campaign.Id}/launch", play.Interrupted);
        var sent = await ReadLedger.RunAsync(play, campaign.Id, first.Mails.Count);
        play.Printer.Say($"{Words.Number(sent.Mails.Count)} mails; {plan.Recipients - first.Mails.Count} against the first: unsubscribed, bounced and complained. Without a plan for each, it reached people at these hours of theirs:");
        PrintLocalHours(play.Printer, sent);
        return new SecondCampaign(plan, sent);
    }

    private static void PrintLocalHours(IDemoPrinter printer, SentCampaign sent)
    {
        var zones = sent.Deliveries.Where(d => d.Email is not null).ToDictionary(d => d.Email!, d => d.Timing.TimeZone, StringComparer.OrdinalIgnoreCase);
        var hours = sent.Mails.CountBy(mail => mail.ReceivedAt.InZone(DateTimeZoneProviders.Tzdb[zones[mail.Recipients[0]]]).Hour).OrderBy(hour => hour.Key);
        printer.Bars("Mails by the hour of their reader's day:", [.. hours.Select(hour =>
            new Bar(string.Create(CultureInfo.InvariantCulture, $"{hour.Key:00}:00"), hour.Value, Words.Number(hour.Value)))]);
    }
}
