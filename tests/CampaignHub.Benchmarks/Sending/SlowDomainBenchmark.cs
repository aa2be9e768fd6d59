using System.Diagnostics;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>A mail domain with a fifth of the recipients that answers each final dot after two seconds: the others' pace beside it, and without.</summary>
internal static class SlowDomainBenchmark
{
    private const string SlowDomain = "slow.example";
    private const int OneIn = 5;
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(2);

    /// <param name="people">Recipients of each campaign.</param>
    /// <param name="connections">To the sink at once.</param>
    public static async Task<int> RunAsync(int people, int connections)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var mailing = await Mailing.StartAsync(service.Http, connections);
        var list = await mailing.ImportAsync(people, i => i % OneIn == 0 ? SlowDomain : $"mail{i % 50}.example");
        await WarmUp.RunAsync(mailing, await mailing.ImportAsync(2_000), 2_000);
        await service.Database.ExecuteAsync("ANALYZE");
        var others = people - ((people + OneIn - 1) / OneIn);

        // Between two of the other: programs beside it on the machine come and go.
        var before = await MeasureAsync(service, mailing, list, others, isSlow: false);
        var beside = await MeasureAsync(service, mailing, list, others, isSlow: true);
        var after = await MeasureAsync(service, mailing, list, others, isSlow: false);
        var ratio = beside / ((before + after) / 2);
        Console.WriteLine($"{people:N0} people, one in {OneIn} at {SlowDomain}; {connections} connections, {Environment.ProcessorCount} processors");
        Console.WriteLine($"the others, from launch to their last: {before:N0}/s and {after:N0}/s where all answer at once, {beside:N0}/s beside {s_delay.TotalSeconds:0} s of it = {ratio:0.00} (aim 0.90)");
        return ratio >= 0.9 ? 0 : 1;
    }

    /// <summary>Messages a second to all other domains, from the launch to the last of them.</summary>
    private static async Task<double> MeasureAsync(ServiceUnderTest service, Mailing mailing, Guid list, int others, bool isSlow)
    {
        var left = others;
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable RS0030 // The service under test runs on the system's clock, and so does this inbox.
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Clock = SystemClock.Instance });
#pragma warning restore RS0030
        sink.Behaviour.OnMessage = message =>
        {
            if (message.Recipients[0].EndsWith(SlowDomain, StringComparison.Ordinal))
                return isSlow ? SinkReply.Of(250, "2.0.0 at last") with { Delay = s_delay } : null;
            if (Interlocked.Decrement(ref left) == 0)
                arrived.SetResult();
            return null;
        };
        await mailing.LeadToAsync(sink.Port);
        var campaign = await mailing.PlanAsync(list);
        await service.Database.ExecuteAsync("CHECKPOINT");
        var watch = Stopwatch.StartNew();
        await mailing.LaunchAsync(campaign);
        var progress = new Progress();
        while (await Task.WhenAny(arrived.Task, Task.Delay(1_000)) != arrived.Task)
            progress.Show(() => $"{others - Volatile.Read(ref left):N0} of {others:N0} messages to others");
        Progress.Clear();
        var pace = others / watch.Elapsed.TotalSeconds;
        if (isSlow)
            await mailing.ActAsync(campaign, "cancel");
        while (await service.Database.ReadOneAsync<bool>(
            "SELECT EXISTS (SELECT FROM campaignhub.deliveries WHERE campaign_id = $1 AND state IN ('scheduled', 'sending', 'deferred'))", campaign))
            await Task.Delay(100);
        return pace;
    }
}
