using System.Globalization;
using CampaignHub.Benchmarks.Sending;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>Opens and clicks, each stored before it is answered, beside bare Kestrel that stores nothing; then what kill -9 costs.</summary>
internal static class TrackBenchmark
{
    /// <param name="seconds">Of each measurement.</param>
    /// <param name="kills">In the second half.</param>
    /// <param name="connections">Of the readers, at once.</param>
    /// <param name="rate">Requests a second while the service is killed, or half of the top rate where that is less.</param>
    /// <param name="seed">Chooses the moments.</param>
    /// <param name="role">Of the node that is measured: <c>api</c> leaves judging and counting to others, which there are none of.</param>
    /// <param name="profile">Also print the statements that took the most time.</param>
    public static async Task<int> RunAsync(int seconds, int kills, int connections, int rate, int seed, string role, bool profile)
    {
        Console.WriteLine($"{connections} connections, {seconds} s each, {Environment.ProcessorCount} processors for all of it, role {role}");
        var (top, isComplete) = await MeasureAsync(seconds, connections, role, profile);
        var pace = Math.Min(rate, top / 2);
        Console.WriteLine($"\n{kills} kills at {pace:N0} requests/s, seed {seed}");
        await using var run = await HitCrashRun.PrepareAsync();
        var isKept = (await run.RunAsync(kills, connections, pace, new Random(seed))).Print();
        return isComplete && isKept ? 0 : 1;
    }

    /// <summary>Answers how many opens a second there are at most, and whether every answer has its row.</summary>
    private static async Task<(double Top, bool IsComplete)> MeasureAsync(int seconds, int connections, string role, bool profile)
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-bench-readers-");
        await using var service = await ServiceUnderTest.StartAsync(profile ? SlowStatements.Library : null);
        if (role is not "all")
            await service.StartNodesAsync(role);
        await using var bare = await BareKestrel.StartAsync();
        var mail = await ReadMail.SendAsync(service.Database, service.ReadKeyRing(), await service.NewTenantAsync(), place.FullName);
        var isComplete = true;

        Reading Of(int port, string paths, int duration, double rate = 0) => new(port, paths, connections, duration, rate, null);
        Task<Measured> BareAsync(int duration) => Measured.RunAsync(Of(bare.Url.Port, mail.Pixels, duration), bare.Id, null);
        async Task<Measured> OursAsync(string name, string paths, double? reference, double rate = 0, bool isSilent = false)
        {
            var (before, spooled) = (await CountAsync(service.Database), await SpooledAsync(service));
            // As a machine that hangs: PostgreSQL refuses nothing and answers nothing.
            int[] stopped = isSilent ? [.. ProcessTree.Of(service.PostgresProcessId)] : [];
            await Signal.SendAsync("STOP", stopped);
            var measured = await Measured.RunAsync(Of(service.Url.Port, paths, seconds, rate), service.Nodes[0].Id, service.PostgresProcessId);
            await Signal.SendAsync("CONT", stopped);
            measured.Print(name, reference);
            var rows = await RowsAsync(service, before + measured.Result.Stored) - before;
            Console.WriteLine($"{"",-14} {await SpooledAsync(service) - spooled:N0} of them by way of the spool, where PostgreSQL was away or took over 60 ms");
            Console.WriteLine($"{"",-14} {rows:N0} rows in the table, {measured.Result.Stored:N0} answers as stored, {measured.Result.NotStored:N0} as not stored, {measured.Result.Failed:N0} failed");
            isComplete &= rows == measured.Result.Stored && measured.Result.NotStored + measured.Result.Failed == 0;
            return measured;
        }

        Task RestAsync() => role == "all" ? JudgedAsync(service.Database) : Task.CompletedTask;

        foreach (var paths in (string[])[mail.Pixels, mail.Links])
            await Measured.RunAsync(Of(service.Url.Port, paths, 5), service.Nodes[0].Id, null);
        await BareAsync(2);
        await RestAsync();

        var reference = await BareAsync(seconds);
        reference.Print("bare Kestrel", null);
        if (profile)
            await SlowStatements.BeginAsync(service.Database);
        var opens = await OursAsync("opens", mail.Pixels, reference.Result.Rate);
        await RestAsync();
        await OursAsync("clicks", mail.Links, reference.Result.Rate);
        await RestAsync();
        if (profile)
            await SlowStatements.PrintAsync(service.Database);
        var half = opens.Result.Rate / 2;
        await OursAsync("half of opens", mail.Pixels, null, half);
        await OursAsync("silent clicks", mail.Links, null, Math.Min(500, half), isSilent: true);
        (await BareAsync(seconds)).Print("bare Kestrel", null);
        foreach (var line in service.Nodes[0].LastLines)
            Console.WriteLine($"  log: {line}");
        place.Delete(recursive: true);
        return (opens.Result.Rate, isComplete);
    }

    private static Task<long> CountAsync(Database database) => database.ReadOneAsync<long>("SELECT count(*) FROM campaignhub.hits");

    /// <summary>The rows, once as many as expected are there, or half a minute later: some may have gone to the spool.</summary>
    private static async Task<long> RowsAsync(ServiceUnderTest service, long expected)
    {
        var rows = await CountAsync(service.Database);
        for (var look = 0; look < 300 && rows < expected; look++)
        {
            await Task.Delay(100);
            rows = await CountAsync(service.Database);
        }
        return rows;
    }

    /// <summary>Hits that have gone to the spool so far.</summary>
    private static async Task<long> SpooledAsync(ServiceUnderTest service) =>
        (await service.Http.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("campaignhub_tracking_spooled_total{", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));

    /// <summary>Waits until nothing of what was measured is still being judged.</summary>
    private static async Task JudgedAsync(Database database)
    {
        while (await database.ReadOneAsync<bool>("SELECT EXISTS (SELECT FROM campaignhub.hits WHERE class IS NULL)"))
            await Task.Delay(200);
    }
}
