using CampaignHub.Core;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports.Retention;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>
/// Judges hits again that have been counted: by the rules of today, with all that has become known around them. Hits, their
/// events, the roll-ups and the place in the campaign move in one transaction, so that breaking off loses and doubles nothing.
/// </summary>
internal static class Rejudging
{
    // Whatever the stretch, each counter that it touches is written once: large ones cost less a hit. Folding waits for one meanwhile.
    private const int Deliveries = 4_000;
    private const int Hits = 5_000;

    /// <summary>Judges the next stretch of the tenant's next campaign; true if there may be more. For whoever holds the lock of the roll-ups.</summary>
    public static async Task<bool> WorkAsync(TenantTransaction transaction, Instant now)
    {
        // What isn't folded yet has been judged just now, and is counted as its event says when it is. So folding goes first, and
        // goes on beside a long reclassification.
        if (await RollupStore.FoldNextAsync(transaction))
            return true;
        if (await JudgeNotedAsync(transaction))
            return true;
        if (await ReclassificationStore.NextAsync(transaction) is not { } job)
            return false;
        // Sealed since it was asked for: what was first can't be found any more.
        if (await SealStore.OfCampaignAsync(transaction, job.CampaignId) is not null)
        {
            await ReclassificationStore.MoveAsync(transaction, job with { RuleSet = HitRules.Version, StartedAt = job.StartedAt ?? now, FinishedAt = now }, []);
            return true;
        }
        // Begun by older rules: from the beginning.
        if (job.RuleSet < HitRules.Version)
            job = job with { Hits = 0, AfterDelivery = null, AfterReceived = null };
        var deliveries = await ReclassificationStore.DeliveriesAsync(transaction, job, Deliveries);
        var hits = await HitStore.JudgedAsync(transaction, deliveries, job.AfterDelivery, job.AfterReceived, Hits);
        var judged = await JudgeAsync(transaction, job.CampaignId, hits);
        var isWhole = hits.Count < Hits;
        await ReclassificationStore.MoveAsync(transaction, job with
        {
            RuleSet = HitRules.Version,
            StartedAt = job.StartedAt ?? now,
            FinishedAt = isWhole && deliveries.Count < Deliveries ? now : null,
            Hits = job.Hits + judged.Count,
            AfterDelivery = isWhole ? deliveries.Count > 0 ? deliveries[^1] : job.AfterDelivery : hits[^1].DeliveryId,
            AfterReceived = isWhole ? null : hits[^1].ReceivedAt,
        }, Summary(judged));
        return true;
    }

    /// <summary>Judges hits again of which the judge has seen since what they belong to; true if there may be more.</summary>
    private static async Task<bool> JudgeNotedAsync(TenantTransaction transaction)
    {
        var judged = 0;
        foreach (var campaign in (await HitStore.ToJudgeAgainAsync(transaction, Hits)).GroupBy(hit => hit.CampaignId))
            if (await SealStore.OfCampaignAsync(transaction, campaign.Key) is null)
                judged += (await JudgeAsync(transaction, campaign.Key, [.. campaign])).Count;
            else
                await HitStore.LeaveAsJudgedAsync(transaction, [.. campaign]);
        return judged > 0;
    }

    /// <returns>Every hit that was judged again.</returns>
    private static async Task<IReadOnlyList<JudgedHit>> JudgeAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyList<StoredHit> hits)
    {
        if (hits.Count == 0)
            return [];
        var through = await RollupStore.FoldedThroughAsync(transaction);
        var events = await EventsOfAsync(transaction, hits, through);
        // A hit whose event isn't folded is left as it is.
        JudgedHit[] judged = [.. (await HitVerdicts.JudgeAsync(transaction, hits)).Where(j => !j.Hit.MakesEvent || events.ContainsKey(j.Hit.HitId))];
        await HitStore.KeepAsync(transaction, [.. judged.Where(j => j.IsNews || j.Hit.IsToBeJudgedAgain)]);
        CorrectedEvent[] corrected =
        [
            .. from j in judged
               where j.Hit.MakesEvent
               let again = new CorrectedEvent(events[j.Hit.HitId].Event, j.Verdict, events[j.Hit.HitId].UserAgent)
               where again.IsNews
               select again,
        ];
        if (corrected.Length > 0)
            await EventLog.CorrectAsync(transaction, [.. corrected.Select(c => (c.Event.EventId, c.Event.ReceivedAt, c.Verdict.Class.Word(), c.Verdict.Reason))]);
        await ReclassifiedCounts.MoveAsync(transaction, campaignId, [.. corrected.Where(c => c.IsMoved)], through);
        return judged;
    }

    /// <summary>
    /// Each hit's event, and the header that it is counted by. A hit and its event are of one delivery, link and instant; of
    /// several at one instant, the first hit has the first event, and the first hit's header counts for all (HitAgents).
    /// </summary>
    private static async Task<Dictionary<Guid, (HitEvent Event, string? UserAgent)>> EventsOfAsync(
        TenantTransaction transaction, IReadOnlyList<StoredHit> hits, long through)
    {
        var spans = hits.GroupBy(h => h.DeliveryId).Select(d => (d.Key, d.Min(h => h.ReceivedAt), d.Max(h => h.ReceivedAt))).ToArray();
        var events = (await ReclassificationStore.EventsAsync(transaction, spans, through)).ToLookup(e => (e.DeliveryId, e.ReceivedAt, e.Kind, e.LinkIndex));
        var found = new Dictionary<Guid, (HitEvent, string?)>();
        foreach (var alike in hits.GroupBy(h => (h.DeliveryId, h.ReceivedAt, h.Kind, h.LinkIndex)))
        {
            StoredHit[] inOrder = [.. alike.OrderBy(h => h.HitId)];
            foreach (var (hit, made) in inOrder.Where(h => h.MakesEvent).Zip(events[alike.Key]))
                found[hit.HitId] = (made, inOrder[0].UserAgent);
        }
        return found;
    }

    private static ReclassifiedHits[] Summary(IReadOnlyList<JudgedHit> judged) =>
    [
        .. judged.Where(j => j.IsMoved).GroupBy(j => (From: j.Hit.Class!, To: j.Verdict.Class.Word(), j.Verdict.Reason))
            .Select(g => new ReclassifiedHits(g.Key.From, g.Key.To, g.Key.Reason, g.Count())),
    ];
}

/// <summary>An event whose hit was judged again.</summary>
internal sealed record CorrectedEvent(HitEvent Event, HitVerdict Verdict, string? UserAgent)
{
    public bool IsNews => IsMoved || Verdict.Reason != Event.Reason;

    public bool IsMoved => Verdict.Class.Word() != Event.Class;

    public HitClass From => WireWords.Parse<HitClass>(Event.Class)!.Value;
}
