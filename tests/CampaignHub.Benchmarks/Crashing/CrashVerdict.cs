using CampaignHub.Core.Sending;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>The ledger's states beside the sink's files: the two must tell of the same mail.</summary>
/// <param name="Open">Connections at each kill.</param>
/// <param name="Finished">Whether the campaign came to its end.</param>
/// <param name="States">Deliveries by state.</param>
/// <param name="Lost">People without mail whose delivery doesn't say that they have none, or who have no delivery at all.</param>
/// <param name="Unfinished">Deliveries that are still to be sent.</param>
/// <param name="Doubled">Messages beyond the first of each person.</param>
/// <param name="WithAnotherMessageId">Doubled people with several Message-IDs.</param>
/// <param name="Different">Doubled people with differing copies.</param>
internal sealed record CrashVerdict(IReadOnlyList<int> Open, bool Finished, IReadOnlyDictionary<DeliveryState, int> States,
    int Lost, int Unfinished, int Doubled, int WithAnotherMessageId, IReadOnlyList<string> Different)
{
    // A delivery in one of these has told its owner that there may be, or is, no mail.
    private static readonly DeliveryState[] s_saysSo =
        [DeliveryState.Held, DeliveryState.Rejected, DeliveryState.Expired, DeliveryState.Suppressed, DeliveryState.Missed, DeliveryState.Cancelled];

    private static readonly DeliveryState[] s_unfinished =
        [DeliveryState.Scheduled, DeliveryState.Leased, DeliveryState.Sending, DeliveryState.Deferred, DeliveryState.Uncertain];

    public static async Task<CrashVerdict> OfAsync(string sinkFolder, string connectionString, Guid campaign, int people, IReadOnlyList<int> open, bool finished)
    {
        var copies = new Copies(sinkFolder);
        await using var database = new Database(connectionString);
        var deliveries = (await database.ReadAsync("SELECT email, state FROM campaignhub.deliveries WHERE campaign_id = $1", campaign))
            .Select(row => (Email: (string)row[0], State: DeliveryStateWords.Parse((string)row[1])!.Value)).ToList();
        return new CrashVerdict(open, finished, deliveries.CountBy(d => d.State).ToDictionary(),
            people - deliveries.Count + deliveries.Count(d => !copies.Has(d.Email) && !s_saysSo.Contains(d.State)),
            deliveries.Count(d => s_unfinished.Contains(d.State)),
            copies.Doubled, copies.WithAnotherMessageId, copies.Different());
    }

    /// <summary>Prints what was found. True where the promise was kept: nothing lost, and nobody doubled beyond what was on the wire.</summary>
    public bool Print(string whenUncertain)
    {
        var most = whenUncertain == "hold" ? 0 : Open.Sum();
        var kept = Finished && Lost == 0 && Unfinished == 0 && Doubled <= most && WithAnotherMessageId == 0 && Different.Count == 0;
        Console.WriteLine($"""
            kills                               {Open.Count}
            people                              {States.Values.Sum():N0}: {string.Join(", ", States.OrderByDescending(s => s.Value).Select(s => $"{s.Value:N0} {s.Key.Word()}"))}
            lost                                {Lost}
            doubled                             {Doubled} (at most {most})
            open connections at the kills       {Open.Sum()} = {string.Join(" + ", Open)}
            doubled with another Message-ID     {WithAnotherMessageId}
            doubles whose bytes differ          {Different.Count}{string.Concat(Different.Take(5).Select(d => $"\n  {d}"))}
            finished                            {(Finished ? "yes" : "NO")}
            unfinished deliveries               {Unfinished}
            {whenUncertain}: {(kept ? "kept" : "BROKEN")}

            """);
        return kept;
    }
}
