using System.Diagnostics;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>Pauses a campaign again and again at full speed: for how long after the answer messages are still begun, and whether all get it once.</summary>
internal static class PauseBenchmark
{
    /// <summary>For so long after the answer the sink is watched.</summary>
    private static readonly TimeSpan s_watched = TimeSpan.FromSeconds(3);

    /// <param name="people">Recipients.</param>
    /// <param name="pauses">How often, at equal distances.</param>
    /// <param name="connections">To the sink at once.</param>
    public static async Task<int> RunAsync(int people, int pauses, int connections)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var mailing = await Mailing.StartAsync(service.Http, connections);
        var list = await mailing.ImportAsync(people);
        await WarmUp.RunAsync(mailing, await mailing.ImportAsync(2_000), 2_000);
        await service.Database.ExecuteAsync("ANALYZE");

        var lastData = 0L;
#pragma warning disable RS0030 // The service under test runs on the system's clock, and so does this inbox.
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Clock = SystemClock.Instance });
#pragma warning restore RS0030
        sink.Behaviour.OnData = _ =>
        {
            Volatile.Write(ref lastData, Stopwatch.GetTimestamp());
            return null;
        };
        await mailing.LeadToAsync(sink.Port);
        var campaign = await mailing.PlanAsync(list);
        await mailing.LaunchAsync(campaign);
        var (longest, begunLater, sending) = (TimeSpan.Zero, 0, Stopwatch.StartNew());
        for (var pause = 1; pause <= pauses; pause++)
        {
            await sink.WaitForAsync((int)(people * (long)pause / (pauses + 1)), CancellationToken.None);
            await mailing.ActAsync(campaign, "pause");
            var answered = Stopwatch.GetTimestamp();
            sending.Stop();
            await Task.Delay(s_watched);
            var after = Stopwatch.GetElapsedTime(answered, Volatile.Read(ref lastData));
            longest = after > longest ? after : longest;
            begunLater += after > s_watched * 0.9 ? 1 : 0;
            await mailing.ActAsync(campaign, "resume");
            sending.Start();
        }
        while ((await mailing.GetCampaignAsync(campaign))["status"]!.GetValue<string>() != "finished")
            await Task.Delay(100);
        var copies = sink.Messages.CountBy(message => message.Recipients[0]).ToList();
        var twice = copies.Count(c => c.Value > 1);
        Console.WriteLine($"{people:N0} people, {pauses} pauses, {connections} connections, {Environment.ProcessorCount} processors; {people / sending.Elapsed.TotalSeconds:N0} messages/s between them");
        Console.WriteLine($"the last DATA came at most {Math.Max(0, longest.TotalMilliseconds):N0} ms after a pause's answer (aim below 2,000){(begunLater > 0 ? $"; after {begunLater} pauses it went on" : "")}");
        Console.WriteLine($"{copies.Count:N0} people got it, {twice} of them twice");
        return longest < TimeSpan.FromSeconds(2) && copies.Count == people && twice == 0 ? 0 : 1;
    }
}
