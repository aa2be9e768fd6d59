namespace CampaignHub.Server.Operations.Doctor;

/// <summary>What should flow by itself: waves that open, events that are numbered and folded into reports.</summary>
internal static class FlowSection
{
    private const int LateWave = 60;
    private const int LateEvents = 60;
    private const int LateReports = 300;

    public static async Task<Section> ExamineAsync(Snapshot snapshot)
    {
        var waves = await snapshot.QuerySingleAsync<Backlog>("""
            SELECT count(*) AS count, extract(epoch FROM @now - min(due_at))::float8 AS oldest_seconds
            FROM unfinished_waves() WHERE status = 'waiting' AND due_at <= @now
            """);
        var unnumbered = await snapshot.QuerySingleAsync<Backlog>("""
            SELECT count(*) AS count, extract(epoch FROM @now - min(received_at))::float8 AS oldest_seconds FROM events WHERE sequence IS NULL
            """);
        var unfolded = await snapshot.QuerySingleAsync<Backlog>("""
            SELECT coalesce(sum(s.last_sequence - coalesce(c.folded_through, 0)), 0)::bigint AS count,
                   extract(epoch FROM @now - min(e.received_at))::float8 AS oldest_seconds
            FROM event_sequences s
            LEFT JOIN report_cursors c USING (tenant_id)
            LEFT JOIN events e ON e.tenant_id = s.tenant_id AND e.sequence = coalesce(c.folded_through, 0) + 1
            """);
        return new Section("Waves, events and reports", waves.Tell("wave", "overdue"), unnumbered.Tell("event", "without a number"), unfolded.Tell("event", "not in reports yet"))
        {
            Findings =
            [
                .. waves.After(LateWave, "wave", "overdue", "start a worker, which opens them; if one runs, read its log"),
                .. unnumbered.After(LateEvents, "event", "without a number", "see that a worker runs, and read its log: it numbers them"),
                .. unfolded.After(LateReports, "event", "not in reports yet", "see that a worker runs, and read its log: it folds them"),
            ],
        };
    }

    private sealed record Backlog
    {
        public long Count { get; init; }

        public double? OldestSeconds { get; init; }

        public string Tell(string noun, string how) => Say(noun, how) + ".";

        public IEnumerable<Finding> After(int seconds, string noun, string how, string remedy) =>
            OldestSeconds > seconds ? [new Finding(Say(noun, how), remedy)] : [];

        private string Say(string noun, string how) =>
            $"{Words.Count(Count, noun)} {how}" + (OldestSeconds is { } age ? $", the oldest for {Words.Length(age)}" : "");
    }
}
