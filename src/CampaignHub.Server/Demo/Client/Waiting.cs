using System.Diagnostics;

namespace CampaignHub.Server.Demo.Client;

/// <summary>Waits for what the service does in the background.</summary>
internal static class Waiting
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks until it is so, and answers what was seen.</summary>
    /// <exception cref="DemoFailure">It is not so after the time given.</exception>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isSo, string what, TimeSpan within, CancellationToken ct)
    {
        var seen = await LookAsync(look, isSo, within, ct);
        return isSo(seen) ? seen : throw new DemoFailure($"Waited {within.TotalSeconds:0} s in vain until {what}; last seen: {seen}");
    }

    /// <summary>Looks until it is so or the time is over, and answers what was seen last.</summary>
    public static async Task<T> LookAsync<T>(Func<Task<T>> look, Func<T, bool> isSo, TimeSpan within, CancellationToken ct)
    {
        var begun = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isSo(seen) || begun.Elapsed > within)
                return seen;
            await Task.Delay(s_lookEvery, ct);
        }
    }
}
