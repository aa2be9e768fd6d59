using System.Diagnostics;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>One campaign, in which the service is killed again and again.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private const int SmtpConnections = 10;

    /// <summary>A deferred message is tried again after a quarter of an hour; what stands still for longer won't move.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(25);

    private readonly DirectoryInfo _place;
    private readonly MortalService _service;
    private readonly Progress _progress = new();
    private readonly HttpClient _http;
    private readonly SinkProcess _sink;
    private readonly CleanUp _cleanUp;

    private CrashRun(DirectoryInfo place, SinkProcess sink)
    {
        (_place, _sink) = (place, sink);
        _service = new MortalService(Path.Combine(place.FullName, "service"));
        _http = _service.NewClient();
        _cleanUp = new CleanUp(RemoveAsync);
    }

    public static async Task<CrashRun> PrepareAsync()
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-bench-");
        return new CrashRun(place, await SinkProcess.StartAsync(Path.Combine(place.FullName, "sink")));
    }

    public async Task<CrashVerdict> RunAsync(int people, int kills, string whenUncertain, int seed)
    {
        await _service.StartAsync();
        var mailing = await Mailing.StartAsync(_http, SmtpConnections);
        await mailing.LeadToAsync(_sink.Port);
        var campaign = await mailing.PlanAsync(await mailing.ImportAsync(people), whenUncertain);
        await mailing.LaunchAsync(campaign);
        var open = await KillAsync(people, kills, new Random(seed));
        var finished = await FinishedAsync(mailing, campaign, people);
        return await CrashVerdict.OfAsync(_sink.Folder, _service.Postgres.ConnectionString, campaign, people, open, finished);
    }

    public ValueTask DisposeAsync() => _cleanUp.DisposeAsync();

    private async Task RemoveAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
        await _sink.DisposeAsync();
        _place.Delete(recursive: true);
    }

    /// <summary>Answers the connections open at each kill.</summary>
    private async Task<IReadOnlyList<int>> KillAsync(int people, int kills, Random random)
    {
        var moments = Enumerable.Range(0, kills).Select(_ => random.Next(people / 100, people * 95 / 100)).Order().ToList();
        List<int> open = [];
        for (var i = 0; i < kills; i++)
        {
            await MailFlowsAsync(moments[i], people);
            await Task.Delay(random.Next(50));
            var withPostgres = i % 3 == 2;
            var seen = await _service.KillAsync(withPostgres, _sink.LookAsync);
            open.Add(seen.Connections);
            var watch = Stopwatch.StartNew();
            await _service.StartAsync();
            Progress.Clear();
            Console.WriteLine($"kill {i + 1} of {kills} at {seen.Messages:N0} messages: {(withPostgres ? "service and PostgreSQL" : "service")}, {seen.Connections} connections open; ready again after {watch.Elapsed.TotalSeconds:0.0} s");
        }
        return open;
    }

    /// <summary>Waits until the sink has so many messages, and some since it was last started: it is killed in its work.</summary>
    private async Task MailFlowsAsync(int messages, int people)
    {
        var (before, _) = await _sink.LookAsync();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_patience; await Task.Delay(2))
        {
            var (now, _) = await _sink.LookAsync();
            _progress.Show(() => $"{now:N0} of {people:N0} messages");
            if (now > before && now >= messages || now >= people)
                return;
        }
        throw new InvalidOperationException("No more mail flows.");
    }

    /// <summary>False: it doesn't finish.</summary>
    private async Task<bool> FinishedAsync(Mailing mailing, Guid campaign, int people)
    {
        var (watch, last) = (Stopwatch.StartNew(), -1);
        while (watch.Elapsed < s_patience)
        {
            if ((await mailing.GetCampaignAsync(campaign))["status"]!.GetValue<string>() == "finished")
                return true;
            var (now, _) = await _sink.LookAsync();
            _progress.Show(() => $"{now:N0} of {people:N0} messages");
            if (now != last)
                watch.Restart();
            last = now;
            await Task.Delay(200);
        }
        return false;
    }
}
