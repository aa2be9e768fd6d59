using System.Diagnostics;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>One campaign, from its launch until it is finished.</summary>
/// <param name="People">Who were to get it.</param>
/// <param name="Elapsed">From launch to finished.</param>
/// <param name="SteadyRate">Messages a second at the sink, between the first and the last tenth.</param>
/// <param name="Accepted">Deliveries that the ledger has as accepted.</param>
/// <param name="Sunk">Messages that the sink counted.</param>
/// <param name="Service">Processor time of all nodes; likewise the others.</param>
/// <param name="PeakMemory">Of each node since its start, in MB.</param>
internal sealed record SendRun(
    int People, TimeSpan Elapsed, double SteadyRate, long Accepted, long Sunk, TimeSpan Service, TimeSpan Postgres, TimeSpan Sink, int[] PeakMemory)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    public double Rate => Accepted / Elapsed.TotalSeconds;

    public bool IsComplete => Accepted == People && Sunk == People;

    public static async Task<SendRun> MeasureAsync(ServiceUnderTest service, Mailing mailing, Guid listId, int people, Postfix postfix, bool profile)
    {
        await using var sink = await CountingSink.StartAsync(postfix);
        await mailing.LeadToAsync(sink.Port);
        var campaign = await mailing.PlanAsync(listId);
        await service.Database.ExecuteAsync("CHECKPOINT"); // every run begins alike
        if (profile)
            await SlowStatements.BeginAsync(service.Database);
        var used = Usage.Of(service, sink);
        var watch = Stopwatch.StartNew();
        await mailing.LaunchAsync(campaign);
        var samples = await FollowAsync(service, campaign, people, sink, watch);
        var elapsed = watch.Elapsed;
        var now = Usage.Of(service, sink);
        if (profile)
            await SlowStatements.PrintAsync(service.Database);
        var accepted = await service.Database.ReadOneAsync<long>(
            "SELECT count(*) FROM campaignhub.deliveries WHERE tenant_id = $1 AND campaign_id = $2 AND state = 'accepted'", mailing.TenantId, campaign);
        return new SendRun(people, elapsed, Steady(samples, people), accepted, sink.Count(), now.Service - used.Service,
            now.Postgres - used.Postgres, now.Sink - used.Sink, [.. service.Nodes.Select(node => ProcessTree.PeakMemory(node.Id))]);
    }

    /// <summary>What the sink counted at which time, until the campaign is finished.</summary>
    private static async Task<List<(TimeSpan At, long Count)>> FollowAsync(ServiceUnderTest service, Guid campaign, int people, CountingSink sink, Stopwatch watch)
    {
        var progress = new Progress();
        List<(TimeSpan At, long Count)> samples = [(watch.Elapsed, 0)];
        while (await service.Database.ReadOneAsync<string>("SELECT status FROM campaignhub.campaigns WHERE campaign_id = $1", campaign) != "finished")
        {
            samples.Add((watch.Elapsed, sink.Count()));
            progress.Show(() => $"{samples[^1].Count:N0} of {people:N0} messages, {samples[^1].Count / watch.Elapsed.TotalSeconds:N0}/s");
            await Task.Delay(s_interval);
        }
        samples.Add((watch.Elapsed, sink.Count()));
        Progress.Clear();
        return samples;
    }

    private static double Steady(List<(TimeSpan At, long Count)> samples, int people)
    {
        var first = samples.First(sample => sample.Count >= people * 0.1 || sample == samples[^1]);
        var last = samples.First(sample => sample.Count >= people * 0.9 || sample == samples[^1]);
        return last == first ? double.NaN : (last.Count - first.Count) / (last.At - first.At).TotalSeconds;
    }

    private sealed record Usage(TimeSpan Service, TimeSpan Postgres, TimeSpan Sink)
    {
        public static Usage Of(ServiceUnderTest service, CountingSink sink) =>
            new(service.ProcessorTime(), ProcessTree.ProcessorTime(service.PostgresProcessId), ProcessTree.ProcessorTime(sink.ProcessId));
    }
}
