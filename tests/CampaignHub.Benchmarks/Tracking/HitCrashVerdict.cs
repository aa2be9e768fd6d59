using CampaignHub.Benchmarks.Crashing;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>What was answered beside what is in the table.</summary>
/// <param name="Result">What the readers saw.</param>
/// <param name="Rows">In the table.</param>
/// <param name="Lost">Answered as stored, and not in the table.</param>
/// <param name="Doubled">Rows beyond the first of each request.</param>
internal sealed record HitCrashVerdict(ReadingResult Result, int Rows, int Lost, int Doubled)
{
    public static async Task<HitCrashVerdict> OfAsync(MortalService service, string answeredFile, ReadingResult result)
    {
        await using var database = new Database(service.Postgres.ConnectionString);
        var answered = (await File.ReadAllLinesAsync(answeredFile)).ToHashSet();
        for (var look = 0; ; look++)
        {
            var rows = (await database.ReadAsync("SELECT user_agent FROM campaignhub.hits")).Select(row => ReadMail.NumberOf((string)row[0])).ToList();
            var stored = rows.ToHashSet();
            var lost = answered.Count(number => !stored.Contains(number));
            // What went to the spool last is folded in within a second.
            if (lost == 0 || look == 20)
                return new HitCrashVerdict(result, rows.Count, lost, rows.Count - stored.Count);
            await Task.Delay(500);
        }
    }

    /// <summary>Prints it. True where nothing was lost or doubled.</summary>
    public bool Print()
    {
        var isKept = Lost == 0 && Doubled == 0 && Result.Stored > 0;
        Console.WriteLine($"""
            answered as stored                  {Result.Stored:N0} in {Result.Seconds:0} s
            answered as not stored              {Result.NotStored:N0}
            without an answer                   {Result.Failed:N0}
            rows in the table                   {Rows:N0}
            lost                                {Lost:N0}
            doubled                             {Doubled:N0}
            {(isKept ? "kept" : "BROKEN")}
            """);
        return isKept;
    }
}
