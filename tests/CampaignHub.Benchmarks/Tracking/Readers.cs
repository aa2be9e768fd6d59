using System.Diagnostics;
using System.Text.Json;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>What readers are to do.</summary>
/// <param name="Port">On this machine.</param>
/// <param name="PathsFile">A path a line, asked for in turn.</param>
/// <param name="Connections">At once, 1 to 1,000.</param>
/// <param name="Seconds">After which they stop by themselves, 1 to 1,800.</param>
/// <param name="Rate">Requests a second; 0: as many as are answered.</param>
/// <param name="AnsweredFile">Where the numbers of the requests go that were answered as stored; null: nowhere.</param>
internal sealed record Reading(int Port, string PathsFile, int Connections, int Seconds, double Rate, string? AnsweredFile);

/// <summary>What came of it.</summary>
/// <param name="Stored">Requests answered as stored.</param>
/// <param name="NotStored">Requests whose answer says that they aren't.</param>
/// <param name="Failed">Requests with another answer, or none.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Milliseconds from when a request was due to its answer, of those answered; and so on.</param>
internal sealed record ReadingResult(int Stored, int NotStored, int Failed, double Seconds, double P50, double P99, double Worst)
{
    public double Rate => Stored / Seconds;
}

/// <summary>
/// Many who read mail, in a process of its own, so that their work isn't counted as the service's. With a rate, each request
/// has its moment, and waiting for a connection counts as waiting for the answer. It stops early when its standard input ends.
/// </summary>
internal static class Readers
{
    public static async Task<int> RunAsync(string order)
    {
        var reading = JsonSerializer.Deserialize<Reading>(order)!;
        var paths = await File.ReadAllLinesAsync(reading.PathsFile);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Clamp(reading.Seconds, 1, 1_800)));
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await end.CancelAsync();
        });
        var readers = Enumerable.Range(0, Math.Clamp(reading.Connections, 1, 1_000)).Select(_ => new List<(int Number, Answered Answered, long Ticks)>(100_000)).ToList();
        var (next, watch) = (0, Stopwatch.StartNew());
        var reported = reading.AnsweredFile is null ? Task.CompletedTask : ReportAsync(readers, end.Token);
        await Task.WhenAll(readers.Select(seen => Task.Run(() => ReadAsync(seen))));
        var seconds = watch.Elapsed.TotalSeconds;
        await reported;
        if (reading.AnsweredFile is { } file)
            await File.WriteAllLinesAsync(file, readers.SelectMany(seen => seen).Where(r => r.Answered == Answered.Stored).Select(r => $"{r.Number}"));
        Console.WriteLine(JsonSerializer.Serialize(ResultOf([.. readers.SelectMany(seen => seen)], seconds)));
        return 0;

        async Task ReadAsync(List<(int, Answered, long)> seen)
        {
            using var connection = new ReaderConnection(reading.Port);
            while (!end.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref next) - 1;
                var due = reading.Rate > 0 ? (long)(number / reading.Rate * Stopwatch.Frequency) : watch.ElapsedTicks;
                if (due - watch.ElapsedTicks is > 0 and var early)
                    await Task.Delay(TimeSpan.FromTicks(early * TimeSpan.TicksPerSecond / Stopwatch.Frequency), end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (end.IsCancellationRequested)
                    return;
                var answered = await connection.FetchAsync(paths[number % paths.Length], number);
                lock (seen)
                    seen.Add((number, answered, watch.ElapsedTicks - due));
            }
        }
    }

    /// <summary>How many were answered as stored so far, ten times a second.</summary>
    private static async Task ReportAsync(List<List<(int Number, Answered Answered, long Ticks)>> readers, CancellationToken end)
    {
        var (sum, seen) = (0, new int[readers.Count]);
        while (!end.IsCancellationRequested)
        {
            for (var i = 0; i < readers.Count; i++)
                lock (readers[i])
                    for (; seen[i] < readers[i].Count; seen[i]++)
                        sum += readers[i][seen[i]].Answered == Answered.Stored ? 1 : 0;
            Console.WriteLine($"{sum}");
            await Task.Delay(100, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ReadingResult ResultOf(List<(int Number, Answered Answered, long Ticks)> all, double seconds)
    {
        var milliseconds = all.Where(r => r.Answered != Answered.Failed).Select(r => r.Ticks * 1e3 / Stopwatch.Frequency).Order().ToList();
        double At(double share) => milliseconds.Count == 0 ? 0 : milliseconds[Math.Max(0, (int)Math.Ceiling(share * milliseconds.Count) - 1)];
        int Count(Answered answered) => all.Count(r => r.Answered == answered);
        return new(Count(Answered.Stored), Count(Answered.NotStored), Count(Answered.Failed), seconds, At(0.5), At(0.99), At(1));
    }
}
