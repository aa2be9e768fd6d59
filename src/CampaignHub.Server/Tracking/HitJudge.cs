using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// Judges stored hits by Core's rules, once a burst can be seen whole, and appends what they were to the event log in
/// the transaction that keeps the verdicts.
/// </summary>
internal sealed class HitJudge(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<HitJudge> log)
    : TenantLoop(database, "tenants_with_unjudged_hits", signal, health, log)
{
    private const int BatchSize = 2_000;

    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(500);

    protected override async Task<bool> WorkAsync(TenantTransaction transaction)
    {
        if (!await HitStore.TryLockAsync(transaction))
            return false;
        var hits = await HitStore.UnjudgedAsync(transaction, BatchSize);
        var bursts = await FindBurstsAsync(transaction, [.. hits.Where(hit => hit.LinkIndex is not null)]);
        JudgedHit[] judged = [.. hits.Select(hit => new JudgedHit(hit, HitRules.Classify(ToHit(hit), bursts.Contains(hit.HitId))))];
        foreach (var alike in judged.GroupBy(j => (j.Verdict, j.Hit.IsAnonymous), j => j.Hit))
            await HitStore.KeepVerdictAsync(transaction, alike.Key.Verdict, alike.Key.IsAnonymous, [.. alike]);
        await EventLog.AppendAsync(transaction, [.. judged.Where(IsAsked).Select(ToEvent)], clock.GetCurrentInstant());
        return hits.Count == BatchSize;
    }

    /// <summary>The clicks that belong to bursts, each delivery seen with all that is near.</summary>
    private static async Task<HashSet<Guid>> FindBurstsAsync(TenantTransaction transaction, StoredHit[] clicks)
    {
        var bursts = new HashSet<Guid>();
        if (clicks.Length == 0)
            return bursts;
        foreach (var delivery in (await HitStore.NearAsync(transaction, clicks)).GroupBy(click => click.DeliveryId))
        {
            StoredClick[] near = [.. delivery];
            var marks = LinkBurst.Mark(Array.ConvertAll(near, click => new NearClick(click.ReceivedAt, click.LinkIndex)));
            bursts.UnionWith(near.Where((_, at) => marks[at]).Select(click => click.HitId));
        }
        return bursts;
    }

    /// <summary>A HEAD fetches no picture and follows no link: its hit is kept with its class, but nothing was opened or clicked.</summary>
    private static bool IsAsked(JudgedHit judged) => !HttpMethods.IsHead(judged.Hit.Method);

    private static Hit ToHit(StoredHit hit) =>
        new(hit.Kind, hit.Method, hit.UserAgent, hit.ReceivedAt, hit.LinkIndex, hit.Purpose, hit.SecPurpose, hit.HasXMoz);

    private static Event ToEvent(JudgedHit judged) =>
        new(judged.Hit.Kind == HitKind.Open ? EventTypes.Opened : EventTypes.Clicked, judged.Hit.ReceivedAt)
        {
            CampaignId = judged.Hit.CampaignId,
            DeliveryId = judged.Hit.IsAnonymous ? null : judged.Hit.DeliveryId,
            RecipientId = judged.Hit.IsAnonymous ? null : judged.Hit.RecipientId,
            Class = judged.Verdict.Class.Word(),
            Reason = judged.Verdict.Reason,
            Url = judged.Hit.IsAnonymous ? null : judged.Hit.Url,
            LinkIndex = judged.Hit.LinkIndex,
            ReceivedAt = judged.Hit.ReceivedAt,
        };
}
