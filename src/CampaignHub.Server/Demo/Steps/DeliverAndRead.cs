using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Demo.Printing;
using CampaignHub.Server.Demo.Readers;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>Wave after wave arrives in the inbox, and is read there while the clock waits.</summary>
internal static class DeliverAndRead
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Answers what readers and gateways did.</summary>
    public static async Task<Diary> RunAsync(Play play, Plan plan)
    {
        using var http = LocalHttp.To(play.Stage.Url);
        var readership = new Readership(http);
        await play.Printer.ShowProgressAsync("first wave", plan.Recipients, progress => ReadWavesAsync(play, plan, readership, progress));
        var diary = readership.Diary;
        play.Printer.Say($"{diary.Who(Deed.Opened).Count} people opened, {diary.Who(Deed.Clicked).Count} clicked, {diary.Who(Deed.Unsubscribed).Count} unsubscribed; "
            + $"Apple's proxy prefetched {diary.Who(Deed.PrefetchedByApple).Count}, two gateways scanned {diary.Who(Deed.LinksScanned).Count}.");
        return diary;
    }

    private static async Task ReadWavesAsync(Play play, Plan plan, Readership readership, IProgress<Stride> progress)
    {
        var waves = plan.Instants.Where(instant => instant.WaveId is not null).OrderBy(instant => instant.DueAt).ToList();
        var read = 0;
        for (var wave = 0; wave < waves.Count; wave++)
        {
            var mails = await ArriveAsync(play, read, (int)waves[wave].Recipients);
            using (play.Stage.Clock.Hold())
                await readership.ReceiveAsync(mails.Select(DeliveredMail.Of), play.Interrupted);
            read += mails.Count;
            progress.Report(new Stride(read, Describe(waves[wave], wave + 1, waves.Count)));
        }
        using (play.Stage.Clock.Hold())
            await readership.ReadScannedAsync(play.Interrupted);
    }

    private static async Task<IReadOnlyList<SinkMessage>> ArriveAsync(Play play, int before, int expected)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(play.Interrupted);
        deadline.CancelAfter(s_patience);
        try
        {
            return [.. (await play.Stage.Inbox.WaitForAsync(before + expected, deadline.Token)).Skip(before).Take(expected)];
        }
        catch (OperationCanceledException) when (!play.Interrupted.IsCancellationRequested)
        {
            throw new DemoFailure($"A wave of {expected} mails didn't arrive within {s_patience.TotalSeconds:0} s: there are {play.Stage.Inbox.MessageCount - before} of them.");
        }
    }

    private static string Describe(PlannedInstant wave, int number, int of) =>
        $"wave {number,2} of {of}, {Words.Hour(wave.DueAt)}, {wave.Recipients,3} mails: {Words.Zones(wave.Zones, 2)}";
}
