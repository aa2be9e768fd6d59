using CampaignHub.Server.Demo.Client;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>A draft: content, audience, and ten o'clock of everybody's own Sunday. The service says whether it is ready.</summary>
internal static class WriteCampaign
{
    public static async Task<Guid> RunAsync(Play play)
    {
        play.Printer.Step("Writing a campaign");
        var campaign = await play.Hub.PostAsync<Created>("/v1/campaigns",
            await DraftAsync(play, "Autumn Sunday", new { strategy = "local_time", date = "2026-10-25", time = "10:00" }, "until_passed"), play.Interrupted);
        play.Printer.Say("\"Autumn Sunday\": at 10:00 of everybody's own Sunday, 2026-10-25. That night clocks go back in Europe. Who joins the list before their own hour gets it too.");
        var readiness = await play.Hub.GetAsync<Readiness>($"/v1/campaigns/{campaign.Id}/readiness", play.Interrupted);
        foreach (var finding in readiness.Blockers)
            play.Printer.Say($"  in the way: {finding.Message} {finding.Fix}");
        foreach (var finding in readiness.Warnings)
            play.Printer.Say($"  worth knowing: {finding.Message}");
        return readiness.Ready ? campaign.Id : throw new DemoFailure("The campaign isn't ready to be launched.");
    }

    /// <summary>The body of a draft with the shipped mail to the shop's list.</summary>
    public static async Task<object> DraftAsync(Play play, string name, object schedule, string joining = "frozen") => new
    {
        name,
        subject = "{{ recipient.first_name | default: 'Hello' }}, the autumn collection is here",
        from = new { name = "Lark & Loom", email = "news@lark-and-loom.example" },
        reply_to = "hello@lark-and-loom.example",
        html = await Shipped.ReadMailAsync(play.Interrupted),
        audience = new { list_ids = (Guid[])[play.ListId], joining },
        schedule,
    };
}
