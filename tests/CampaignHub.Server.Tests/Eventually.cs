using System.Diagnostics;

namespace CampaignHub.Server.Tests;

/// <summary>Waits for what comes about by itself, as long as it takes and not longer than a deadline.</summary>
public static class Eventually
{
    public static async Task<T> Async<T>(Func<Task<T>> look, Func<T, bool> isThere, string what, int seconds = 60)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isThere(seen))
                return seen;
            if (watch.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"Not within {seconds} s: {what}. Last seen: {seen}");
            await Task.Delay(50);
        }
    }

    public static Task Async(Func<Task<bool>> isThere, string what, int seconds = 60) => Async(isThere, seen => seen, what, seconds);
}
