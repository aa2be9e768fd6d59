namespace CampaignHub.Benchmarks.Crashing;

/// <summary>What kill -9 costs: a campaign in which the service, and PostgreSQL every third time, is killed in the middle of its work.</summary>
internal static class CrashBenchmark
{
    /// <param name="people">Recipients of each campaign.</param>
    /// <param name="kills">In each campaign.</param>
    /// <param name="whenUncertain"><c>resend</c> or <c>hold</c>; null: one after the other.</param>
    /// <param name="seed">Chooses the moments.</param>
    public static async Task<int> RunAsync(int people, int kills, string? whenUncertain, int seed)
    {
        var kept = true;
        foreach (var mode in whenUncertain is null ? ["resend", "hold"] : (string[])[whenUncertain])
        {
            Console.WriteLine($"{mode}: {people:N0} people, {kills} kills, seed {seed}");
            await using var run = await CrashRun.PrepareAsync();
            kept &= (await run.RunAsync(people, kills, mode, seed)).Print(mode);
        }
        return kept ? 0 : 1;
    }
}
