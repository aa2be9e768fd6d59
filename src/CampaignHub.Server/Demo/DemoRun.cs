using CampaignHub.Server.Demo.Checking;
using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;
using CampaignHub.Server.Demo.Steps;
using CampaignHub.Server.Platform;
using NodaTime;

namespace CampaignHub.Server.Demo;

/// <summary>
/// The main job from nothing: a list is imported, planned, sent, read and reported; while it is sent, a shop posts new buyers and
/// mail comes back; and the result is checked.
/// </summary>
internal static class DemoRun
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    /// <summary>Asia has had its ten o'clock, and Europe's is ahead.</summary>
    private static readonly Instant s_meanwhile = Instant.FromUtc(2026, 10, 25, 6, 0);

    /// <summary>Answers the exit status: 0, 1 where a check failed, 130 after Ctrl-C.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = DemoOptions.Parse(args);
        DemoOptions.ForgetEnvironment();
        using var interruption = Interruption.Listen();
        try
        {
            return await PlayAsync(options, Printers.ForConsole(), interruption.Token) ? 0 : Failed;
        }
        // A terminal's Ctrl-C ends child processes too: then what is seen first is that one of them failed.
        catch (Exception ending) when (interruption.Token.IsCancellationRequested && ending is OperationCanceledException or StartupException)
        {
            Console.Error.WriteLine("Interrupted. Everything that was started has ended, and nothing of it is left.");
            return Interrupted;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("The service did not end in time.");
            return Failed;
        }
    }

    private static async Task<bool> PlayAsync(DemoOptions options, IDemoPrinter printer, CancellationToken ct)
    {
        await using var stage = await StartService.RunAsync(options, printer, ct);
        try
        {
            return await PlayAsync(stage, options, printer, ct);
        }
        catch (DemoFailure failure)
        {
            // Said before the stage is cleared, so that no trouble with that hides it.
            await Console.Error.WriteLineAsync($"The demo failed. {failure.Message}");
            return false;
        }
    }

    private static async Task<bool> PlayAsync(Stage stage, DemoOptions options, IDemoPrinter printer, CancellationToken ct)
    {
        using var play = await OpenShop.RunAsync(stage, printer, ct);
        using var http = LocalHttp.To(stage.Url);
        var doors = await ConnectDoors.RunAsync(play, http);
        var import = await ImportCustomers.RunAsync(play);
        var campaignId = await WriteCampaign.RunAsync(play);
        var plan = await PlanCampaign.RunAsync(play, campaignId);
        await LaunchCampaign.RunAsync(play, campaignId);
        using var sunday = new DeliverAndRead(play, campaignId, http);
        await sunday.ReadAsync(s_meanwhile);
        var cameIn = await Meanwhile.RunAsync(play, doors, campaignId, sunday.Diary);
        printer.Step("The rest of the world's Sunday");
        await sunday.ReadToTheEndAsync();
        var sent = await ReadLedger.RunAsync(play, campaignId);
        var report = await ReadReport.RunAsync(play, campaignId, sunday.Diary);
        var again = await SendAgain.RunAsync(play, sent);
        var heard = await HearEvents.RunAsync(play);
        if (!CheckEverything.Run(printer, new Outcome(import, plan, sent, sunday.Diary, report, again, cameIn, heard)))
            return false;
        await ShowWhatNext.RunAsync(play, campaignId, options);
        return true;
    }
}
