using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Demo.Printing;
using CampaignHub.Server.Demo.Readers;
using NodaTime;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>Wave after wave arrives in the inbox, and is read there. From then until the next one is waited for, the clock stands still.</summary>
internal sealed class DeliverAndRead(Play play, Guid campaignId, HttpClient http) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>From a mail's arrival until people read it: nobody reads at once, and the service knows that.</summary>
    private static readonly Duration s_untilRead = Duration.FromSeconds(10);

    private readonly Readership _readership = new(http);
    private IDisposable? _stillness;
    private Instant _through = Instant.MinValue;
    private int _read;

    /// <summary>What readers and gateways did.</summary>
    public Diary Diary => _readership.Diary;

    /// <summary>The waves before an instant, as the plan has them now; those that were read already are not waited for again.</summary>
    public async Task ReadAsync(Instant before)
    {
        var plan = await play.Hub.GetAsync<Plan>($"/v1/campaigns/{campaignId}/plan", play.Interrupted);
        var waves = plan.Instants.Where(instant => instant.WaveId is not null && instant.DueAt > _through && instant.DueAt < before)
            .OrderBy(instant => instant.DueAt).ToList();
        await play.Printer.ShowProgressAsync("next wave", waves.Sum(wave => wave.Recipients), progress => ReadAsync(waves, progress));
    }

    /// <summary>The last waves.</summary>
    public async Task ReadToTheEndAsync()
    {
        await ReadAsync(Instant.MaxValue);
        Dispose();
        play.Printer.Say($"{Diary.Who(Deed.Opened).Count} people opened, {Diary.Who(Deed.Clicked).Count} clicked, {Diary.Who(Deed.Unsubscribed).Count} unsubscribed; "
            + $"Apple's proxy prefetched {Diary.Who(Deed.PrefetchedByApple).Count}, two gateways scanned {Diary.Who(Deed.LinksScanned).Count}.");
    }

    public void Dispose() => _stillness?.Dispose();

    private async Task ReadAsync(List<PlannedInstant> waves, IProgress<Stride> progress)
    {
        var before = _read;
        foreach (var wave in waves)
        {
            _stillness?.Dispose();
            DeliveredMail[] mails = [.. (await ArriveAsync((int)wave.Recipients)).Select(DeliveredMail.Of)];
            _stillness = play.Stage.Clock.Hold();
            await _readership.ReceiveAsync(mails, play.Interrupted);
            play.Stage.Clock.StepTo(play.Stage.Clock.GetCurrentInstant() + s_untilRead);
            await _readership.ReadAsync(mails, play.Interrupted);
            (_read, _through) = (_read + mails.Length, wave.DueAt!.Value);
            progress.Report(new Stride(_read - before, Describe(wave, waves.IndexOf(wave) + 1, waves.Count)));
        }
    }

    private async Task<IReadOnlyList<SinkMessage>> ArriveAsync(int expected)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(play.Interrupted);
        deadline.CancelAfter(s_patience);
        try
        {
            return [.. (await play.Stage.Inbox.WaitForAsync(_read + expected, deadline.Token)).Skip(_read).Take(expected)];
        }
        catch (OperationCanceledException) when (!play.Interrupted.IsCancellationRequested)
        {
            throw new DemoFailure($"A wave of {expected} mails didn't arrive within {s_patience.TotalSeconds:0} s: there are {play.Stage.Inbox.MessageCount - _read} of them.");
        }
    }

    private static string Describe(PlannedInstant wave, int number, int of) =>
        $"wave {number,2} of {of}, {Words.Hour(wave.DueAt)}, {wave.Recipients,3} mails: {Words.Zones(wave.Zones, 2)}";
}
