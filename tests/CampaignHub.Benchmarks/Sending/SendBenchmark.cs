using System.Diagnostics;
using System.Net.Http.Json;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>Sends a campaign of personal mail beside postfix's smtp-source to the same kind of sink in the same run; by several workers; signed.</summary>
internal static class SendBenchmark
{
    private const int WarmUpPeople = 2_000;
    private const string Aim = "0.60";
    private const string AimSigned = "1,000 messages/s with RSA on two processors";

    /// <param name="people">Recipients of each measured campaign.</param>
    /// <param name="connections">To the sink at once, of ours and of smtp-source.</param>
    /// <param name="workers">Worker processes of a second measurement; 1: none.</param>
    /// <param name="profile">Also print the statements that took the most time.</param>
    public static async Task<int> RunAsync(int people, int connections, int workers, bool profile)
    {
        if (await Postfix.FindAsync() is not { } postfix)
        {
            await Console.Error.WriteLineAsync(Postfix.Missing);
            return 2;
        }
        await using var service = await ServiceUnderTest.StartAsync(profile ? SlowStatements.Library : null);
        await DescribeAsync(service.Database, people, connections);
        var mailing = await Mailing.StartAsync(service.Http, connections);
        var bench = new Measurements(service, mailing, postfix, connections, people)
        {
            Few = await mailing.ImportAsync(WarmUpPeople),
            FewPeople = WarmUpPeople,
            All = await mailing.ImportAsync(people),
            Profile = profile,
        };
        await service.Database.ExecuteAsync("ANALYZE");

        await bench.MeasureAsync("unsigned", Aim);
        if (workers > 1)
        {
            await service.StartNodesAsync(["api", .. Enumerable.Repeat("worker", workers)]);
            await bench.MeasureAsync($"{workers} workers", Aim);
        }
        // Last: with the domain, everything is signed.
        await AddSendingDomainAsync(service);
        await service.StartNodesAsync("all");
        await bench.MeasureAsync("signed", AimSigned, mustBeSigned: true);
        return bench.AreComplete ? 0 : 1;
    }

    /// <summary>Where it runs. How long a commit takes to be on disk says much about any sender with a durable ledger.</summary>
    private static async Task DescribeAsync(Database database, int people, int connections)
    {
        const int Commits = 100;
        var server = (await database.ReadAsync("SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"))[0];
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Commits; i++)
            await database.ExecuteAsync("SELECT pg_logical_emit_message(true, 'benchmark', 'committed')");
        Console.WriteLine($"{people:N0} people, {connections} connections, {Environment.ProcessorCount} processors, load {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}");
        Console.WriteLine($"PostgreSQL {server[0]}: fsync {server[1]}, synchronous_commit {server[2]}, {watch.Elapsed.TotalMilliseconds / Commits:0.0} ms a commit");
    }

    /// <summary>Makes the domain of the campaigns' sender, whose keys sign from then on. No DNS has its records, so it is verified by hand.</summary>
    private static async Task AddSendingDomainAsync(ServiceUnderTest service)
    {
        using var answer = await service.Http.PostAsJsonAsync("/v1/domains", new { name = Mailing.SenderDomain, kind = "sending" });
        answer.EnsureSuccessStatusCode();
        await service.Database.ExecuteAsync("""
            UPDATE campaignhub.domains SET verified_at = now(), next_read_at = now() + interval '1 day';
            UPDATE campaignhub.dkim_pairs SET activated_at = now()
            """);
    }
}
