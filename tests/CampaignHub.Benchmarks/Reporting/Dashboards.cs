using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Benchmarks.Reporting;

/// <summary>Many dashboards, each of which asks for the next of some paths once a second.</summary>
internal sealed class Dashboards(HttpClient http, IReadOnlyList<string> paths, int count)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _milliseconds = new();

    /// <summary>How far behind answers were that told their <c>as_of</c>, in seconds.</summary>
    public ConcurrentBag<double> Lags { get; } = [];

    public async Task PollAsync(TimeSpan duration)
    {
        using var end = new CancellationTokenSource(duration);
        await Task.WhenAll(Enumerable.Range(0, count).Select(dashboard => PollAsync(dashboard, end.Token)));
    }

    /// <summary>A share of the answers to a path came within so many milliseconds.</summary>
    public double Within(string path, double share)
    {
        double[] sorted = [.. _milliseconds[path].Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    public int Answers(string path) => _milliseconds[path].Count;

#pragma warning disable RS0030 // The service runs on this machine's clock, and so does who measures how far behind it is.
    private static Instant Now() => SystemClock.Instance.GetCurrentInstant();
#pragma warning restore RS0030

    private async Task PollAsync(int dashboard, CancellationToken end)
    {
        // Spread over the second, and over the paths.
        await Task.Delay(1_000 * dashboard / count, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var turn = dashboard; !end.IsCancellationRequested; turn++)
        {
            var (path, watch) = (paths[turn % paths.Count], Stopwatch.StartNew());
            using (var answer = await http.GetAsync(path, CancellationToken.None))
            {
                var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(CancellationToken.None);
                _milliseconds.GetOrAdd(path, _ => []).Add(watch.Elapsed.TotalMilliseconds);
                if (JsonNode.Parse(body)!["as_of"] is { } asOf)
                    Lags.Add((Now() - InstantPattern.ExtendedIso.Parse(asOf.GetValue<string>()).Value).TotalSeconds);
            }
            await Task.Delay(TimeSpan.FromSeconds(1) - (watch.Elapsed < TimeSpan.FromSeconds(1) ? watch.Elapsed : TimeSpan.FromSeconds(1)), end)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
