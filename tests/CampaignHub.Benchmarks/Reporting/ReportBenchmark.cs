using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignHub.Server.Reports;

namespace CampaignHub.Benchmarks.Reporting;

/// <summary>
/// Polls every report of a small and a large campaign from many dashboards, beside a row read by its primary key over the same
/// HTTP stack in the same run; then again while opens come in. In the end the roll-ups are held against the events.
/// </summary>
internal static class ReportBenchmark
{
    private const int SmallCampaign = 100_000;
    private const int DashboardCount = 50;
    private const int ArrivingEachSecond = 2_000;

    private static readonly string[] s_reports =
    [
        "", "/timeline", "/timeline?interval=day&time_zone=Asia/Kolkata", "/links", "/delays", "/comparison", "/breakdown?by=country", "/breakdown?by=mail_domain",
        "/breakdown?by=time_zone", "/breakdown?by=device", "/breakdown?by=local_hour",
    ];

    /// <param name="events">Of the large campaign.</param>
    /// <param name="seconds">How long to poll, each time.</param>
    public static async Task<int> RunAsync(int events, int seconds)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var tenantId = await service.NewTenantAsync();
        var list = await MadeListAsync(service.Http);
        var seed = new ReportSeed(service.Database, tenantId);
        var watch = Stopwatch.StartNew();
        var small = await seed.LayAsync("Small", SmallCampaign);
        await seed.LayOthersAsync(events);
        var large = await seed.LayAsync("Large", events);
        await service.Database.ExecuteAsync("ANALYZE");
        Console.WriteLine($"{events:N0} events of one campaign, {SmallCampaign:N0} of another, and 100 small ones; {Environment.ProcessorCount} processors; laid in {watch.Elapsed.TotalSeconds:0} s");
        await FoldAsync(service.Database, tenantId);
        await service.Database.ExecuteAsync("VACUUM ANALYZE");

        var point = $"/v1/lists/{list}";
        string[] paths =
        [
            point, "/v1/reports/overview?time_zone=Asia/Kolkata",
            .. s_reports.SelectMany(report => new[] { $"/v1/campaigns/{small}/report{report}", $"/v1/campaigns/{large}/report{report}" }),
        ];
        foreach (var path in paths) // Compiled, cached and connected: what is measured is a service that runs.
            (await service.Http.GetAsync(path)).EnsureSuccessStatusCode();
        await PollAsync(service, seed, paths, point, small, large, seconds, arriving: 0);
        await PollAsync(service, seed, paths, point, small, large, seconds, ArrivingEachSecond);
        return await VerifyAsync(service.ConnectionString);
    }

    /// <summary>Recounts everything: roll-ups that are fast and wrong would be worth nothing.</summary>
    private static async Task<int> VerifyAsync(string connectionString)
    {
        var watch = Stopwatch.StartNew();
        await using var database = new Server.Platform.Database.Database(connectionString);
        var verification = new RollupVerification(database, difference => Console.WriteLine(difference), CancellationToken.None);
        await verification.RunAsync();
        Console.WriteLine($"{verification.Events:N0} events recounted in {watch.Elapsed.TotalSeconds:0} s, {verification.Differences} differences");
        return verification.Differences == 0 ? 0 : 1;
    }

    private static async Task PollAsync(
        ServiceUnderTest service, ReportSeed seed, string[] paths, string point, Guid small, Guid large, int seconds, int arriving)
    {
        var dashboards = new Dashboards(service.Http, paths, DashboardCount);
        using var polled = new CancellationTokenSource();
        var arrivals = arriving == 0 ? Task.FromResult(0) : ArriveAsync(seed, large, arriving, polled.Token);
        await dashboards.PollAsync(TimeSpan.FromSeconds(seconds));
        await polled.CancelAsync();
        var arrived = await arrivals;

        var baseline = (P50: dashboards.Within(point, 0.5), P95: dashboards.Within(point, 0.95));
        Console.WriteLine();
        Console.WriteLine($"{DashboardCount} dashboards that ask once a second{(arriving == 0 ? "" : $", while {arrived / (double)seconds:N0} opens/s come in")}");
        Console.WriteLine($"{"",-52} {"p50 ms",8} {"p95 ms",8}   of a row by its key");
        Console.WriteLine($"{"a row by its key",-52} {baseline.P50,8:0.0} {baseline.P95,8:0.0}");
        Print("overview", paths[1]);
        foreach (var report in s_reports)
        {
            Print($"report{report}, {SmallCampaign:N0}", $"/v1/campaigns/{small}/report{report}");
            Print($"report{report}, large", $"/v1/campaigns/{large}/report{report}");
        }
        double[] lags = [.. dashboards.Lags.Order()];
        Console.WriteLine($"behind (now - as_of): p50 {lags[lags.Length / 2]:0.00} s, p99 {lags[(int)(lags.Length * 0.99)]:0.00} s (aim below 5 s)");

        void Print(string name, string path) => Console.WriteLine(
            $"{name,-52} {dashboards.Within(path, 0.5),8:0.0} {dashboards.Within(path, 0.95),8:0.0}   {dashboards.Within(path, 0.5) / baseline.P50,5:0.0} and {dashboards.Within(path, 0.95) / baseline.P95:0.0} (aim below 50 ms; {dashboards.Answers(path)} answers)");
    }

    private static async Task<int> ArriveAsync(ReportSeed seed, Guid campaign, int eachSecond, CancellationToken end)
    {
        const int Steps = 4;
        var arrived = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / Steps);
        while (!end.IsCancellationRequested)
        {
            await seed.ArriveAsync(campaign, eachSecond / Steps);
            arrived += eachSecond / Steps;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        return arrived;
    }

    /// <summary>Waits until the service has folded all that was laid, and says how fast it did.</summary>
    private static async Task FoldAsync(Database database, Guid tenantId)
    {
        const string Folded = "SELECT coalesce((SELECT folded_through FROM campaignhub.report_cursors WHERE tenant_id = $1), 0)";
        var last = await database.ReadOneAsync<long>("SELECT last_sequence FROM campaignhub.event_sequences WHERE tenant_id = $1", tenantId);
        var (first, watch) = (await database.ReadOneAsync<long>(Folded, tenantId), Stopwatch.StartNew());
        var folded = first;
        while (folded < last)
        {
            await Task.Delay(200);
            folded = await database.ReadOneAsync<long>(Folded, tenantId);
        }
        Console.WriteLine($"folded: {(last - first) / watch.Elapsed.TotalSeconds:N0} events/s ({first:N0} of {last:N0} while they were laid)");
    }

    private static async Task<Guid> MadeListAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/v1/lists", new { name = "Everyone" });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }
}
