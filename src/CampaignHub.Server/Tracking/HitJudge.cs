using CampaignHub.Core.Tracking;
using CampaignHub.Server.Deliveries;
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
        await HitNetworkStore.KeepAsync(transaction, hits);
        var judged = await HitVerdicts.JudgeAsync(transaction, hits);
        await HitStore.KeepAsync(transaction, judged);
        var removed = await ForgetRemovedAsync(transaction, hits);
        await EventLog.AppendAsync(
            transaction, [.. judged.Where(j => j.Hit.MakesEvent).Select(j => ToEvent(j, j.Hit.IsAnonymous || removed.Contains(j.Hit.DeliveryId)))], clock.GetCurrentInstant());
        return hits.Count == BatchSize;
    }

    /// <summary>
    /// Hits of people who were erased since the hits were read: the verdicts that have just been written waited for that, and whoever is erased
    /// from now on waits for them.
    /// </summary>
    private static async Task<IReadOnlySet<Guid>> ForgetRemovedAsync(TenantTransaction transaction, IReadOnlyList<StoredHit> hits)
    {
        var removed = await PersonRemovalStore.RemovedAsync(transaction, [.. hits.Select(hit => hit.DeliveryId).Distinct()]);
        if (removed.Count > 0)
            await HitNetworkStore.ForgetAsync(transaction, [.. removed]);
        return removed;
    }

    private static Event ToEvent(JudgedHit judged, bool withoutPlaces) =>
        new(judged.Hit.Kind == HitKind.Open ? EventTypes.Opened : EventTypes.Clicked, judged.Hit.ReceivedAt)
        {
            CampaignId = judged.Hit.CampaignId,
            DeliveryId = judged.Hit.IsAnonymous ? null : judged.Hit.DeliveryId,
            RecipientId = judged.Hit.IsAnonymous ? null : judged.Hit.RecipientId,
            Class = judged.Verdict.Class.Word(),
            Reason = judged.Verdict.Reason,
            Url = withoutPlaces ? null : judged.Hit.Url,
            LinkIndex = judged.Hit.LinkIndex,
            IpCountry = withoutPlaces ? null : judged.Hit.IpCountry,
            ReceivedAt = judged.Hit.ReceivedAt,
        };
}
