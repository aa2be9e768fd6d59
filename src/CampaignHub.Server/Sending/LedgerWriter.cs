using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>Writes one tenant's results with their events and suppressions, then its marks, inside of the committer's transaction.</summary>
internal sealed class LedgerWriter(SendingMetrics metrics, Settings settings, IClock clock)
{
    public async Task WriteAsync(TenantTransaction transaction, IReadOnlyList<LedgerEntry> entries, Dictionary<Guid, string> verdicts)
    {
        await SettleAsync(transaction, [.. entries.OfType<LedgerEntry.Result>()]);
        var marks = entries.OfType<LedgerEntry.Mark>().ToDictionary(m => m.Row.DeliveryId);
        var now = clock.GetCurrentInstant();
        foreach (var (deliveryId, verdict) in await SettlementStore.MarkAsync(transaction, [.. marks.Values.Select(m => m.Row)], settings.LeaseSeconds, now))
            verdicts[deliveryId] = verdict;
        await SettleAsync(transaction, [.. from mark in marks.Values
                                           where MarkVerdict.EndingOf(verdicts.GetValueOrDefault(mark.Row.DeliveryId, "")) is not null
                                           select EndingOf(mark, verdicts[mark.Row.DeliveryId], now)]);
    }

    private static LedgerEntry.Result EndingOf(LedgerEntry.Mark mark, string verdict, Instant now) =>
        new(mark.Queued, new Settlement(mark.Row.DeliveryId, mark.Row.Token, MarkVerdict.EndingOf(verdict)!.Value, now) { Reason = verdict }, suppress: false);

    private async Task SettleAsync(TenantTransaction transaction, IReadOnlyList<LedgerEntry.Result> results)
    {
        foreach (var alike in results.GroupBy(r => DeliveryStateMachine.Ending(r.Row.Transition, r.Queued.Delivery.OnceUncertain)))
        {
            var written = await WriteAsync(transaction, alike.Key, [.. alike]);
            await EventLog.AppendAsync(transaction, [.. written.Select(EventOf).OfType<Event>()], clock.GetCurrentInstant());
            foreach (var gone in written.Where(r => r.Suppress))
                await SuppressionStore.SuppressRecipientAsync(
                    transaction, gone.Queued.Delivery.RecipientId, SuppressionReason.UnknownRecipient, "bounce", gone.Row.Now);
        }
    }

    /// <summary>Those whose lease still counted; an acceptance counts late too, as long as no resend has begun.</summary>
    private async Task<IReadOnlyList<LedgerEntry.Result>> WriteAsync(
        TenantTransaction transaction, DeliveryTransition transition, IReadOnlyList<LedgerEntry.Result> results)
    {
        var written = await SettlementStore.SettleAsync(transaction, transition, [.. results.Select(r => r.Row)]);
        if (transition == DeliveryTransition.Accept && written.Count < results.Count)
            written = written.Union(await SettlementStore.SettleAsync(transaction, DeliveryTransition.LateAccept,
                [.. results.Select(r => r.Row).Where(r => !written.Contains(r.DeliveryId))])).ToHashSet();
        metrics.Settled(transition, written.Count);
        return [.. results.Where(r => written.Contains(r.Row.DeliveryId))];
    }

    private static Event? EventOf(LedgerEntry.Result result)
    {
        var type = result.Row.Transition switch
        {
            DeliveryTransition.Accept => EventTypes.Accepted,
            DeliveryTransition.Defer => EventTypes.Deferred,
            DeliveryTransition.Reject => EventTypes.Rejected,
            _ => null,
        };
        return type is null ? null : new Event(type, result.Row.Now)
        {
            CampaignId = result.Queued.Batch.Campaign.CampaignId,
            DeliveryId = result.Row.DeliveryId,
            RecipientId = result.Queued.Delivery.RecipientId,
            Reason = type == EventTypes.Accepted ? null : result.Row.Reason,
        };
    }
}
