namespace CampaignHub.Server.Demo.Steps;

/// <summary>What to try next. Asked to stay, the service and the inbox do, until Ctrl-C.</summary>
internal static class ShowWhatNext
{
    public static async Task RunAsync(Play play, Guid campaignId, DemoOptions options)
    {
        play.Printer.Step("What to try next");
        if (options.Stay)
            await StayAsync(play, campaignId);
        else
            ShowCommands(play);
    }

    private static void ShowCommands(Play play)
    {
        play.Printer.Say("The demo's service, its database and its mail are gone now. To look around in them:");
        play.Printer.Say("  ./hub demo --stay");
        play.Printer.Say("A service of your own, its data in ./.campaignhub, and, in a second terminal, its first tenant:");
        play.Printer.Say("  ./hub up");
        play.Printer.Say("  curl -s http://127.0.0.1:8080/v1/tenants -H \"Authorization: Bearer $(cat .campaignhub/operator-key)\" \\");
        play.Printer.Say("    -H 'Content-Type: application/json' -d '{\"name\": \"My shop\"}'");
    }

    private static async Task StayAsync(Play play, Guid campaignId)
    {
        await using var window = await InboxWindow.OpenAsync(play.Stage.Inbox, play.Interrupted);
        var (hub, inbox) = (play.Stage.Url.ToString().TrimEnd('/'), window.Url.ToString().TrimEnd('/'));
        play.Printer.Say($"The service stays at {hub}, its description at {hub}/swagger. In another terminal:");
        play.Printer.Say($"  KEY={play.Key}");
        play.Printer.Say($"  CAMPAIGN={hub}/v1/campaigns/{campaignId}");
        foreach (var path in (string[])["report", "plan", "report/breakdown?by=time_zone", "deliveries?limit=1"])
            play.Printer.Say($"  curl -s -H \"Authorization: Bearer $KEY\" \"$CAMPAIGN/{path}\"");
        play.Printer.Say($"  curl -s {inbox}/inbox/1/source");
        play.Printer.Say($"Each mail as its reader sees it, in a browser: {inbox}/inbox");
        play.Printer.Say("Ctrl-C ends it all.");
        await WaitForInterruptionAsync(play.Interrupted);
    }

    private static async Task WaitForInterruptionAsync(CancellationToken interrupted)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = interrupted.Register(ended.SetResult);
        await ended.Task;
    }
}
