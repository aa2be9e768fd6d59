using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Writes results with their events, and marks, as one transaction in one round trip. Only where an address doesn't exist
/// does it take more, for what follows from that.
/// </summary>
internal sealed class LedgerWriter(Database database, SendingMetrics metrics, IClock clock)
{
    /// <summary>Answers the marks' verdicts by delivery, and of mail domains that refuse messages how many. Committed when this returns.</summary>
    public async Task<(IReadOnlyDictionary<Guid, string> Verdicts, IReadOnlyCollection<(PolicyWindow Window, int Refused)> Windows)> WriteAsync(
        IReadOnlyCollection<LedgerEntry> entries)
    {
        var now = clock.GetCurrentInstant();
        Guid[] tenants = [.. entries.Select(e => e.Queued.Batch.TenantId).Distinct()];
        List<Settled> settled = [];
        List<List<(Guid DeliveryId, string Verdict)>> marked = [];
        List<(PolicyWindow Window, int Refused)> windows = [];
        if (entries.OfType<LedgerEntry.Result>().Any(result => result.Suppress))
        {
            await using var transaction = await database.BeginHotAsync(tenants, CancellationToken.None);
            var batch = transaction.Batch();
            Fill(batch);
            await batch.RunAsync();
            await SuppressAsync(transaction, settled);
            await transaction.CommitAsync();
        }
        else
            await database.RunHotAsync(tenants, Fill, CancellationToken.None);
        foreach (var alike in settled)
            metrics.Settled(alike.Transition, alike.Written.Count);
        return (marked.SelectMany(tenant => tenant).ToDictionary(m => m.DeliveryId, m => m.Verdict), windows);

        void Fill(StatementBatch batch)
        {
            settled = Settle(batch, entries.OfType<LedgerEntry.Result>(), now);
            marked = Mark(batch, entries.OfType<LedgerEntry.Mark>(), now);
            windows = PolicyWindowStore.Count(batch,
                from result in entries.OfType<LedgerEntry.Result>()
                where result.Judgement is not null
                select (result.Window!.Value, result.Judgement!.RefusedAsPolicy));
        }
    }

    private static List<List<(Guid DeliveryId, string Verdict)>> Mark(StatementBatch batch, IEnumerable<LedgerEntry.Mark> marks, Instant now) =>
        [.. from mark in marks
            group mark.Row by mark.Queued.Batch.TenantId into tenant
            from rows in Apart(tenant)
            select SettlementStore.Mark(batch, tenant.Key, rows, now)];

    /// <summary>Marks that must see each other stand in different ones of these: several campaigns for one person whose messages are capped.</summary>
    private static IEnumerable<IReadOnlyCollection<SendingMark>> Apart(IEnumerable<SendingMark> marks) =>
        from mark in marks.GroupBy(m => m.IsCapped ? m.RecipientId : m.DeliveryId).SelectMany(alike => alike.Index())
        group mark.Item by mark.Index into together
        orderby together.Key
        select together.ToArray();

    private static List<Settled> Settle(StatementBatch batch, IEnumerable<LedgerEntry.Result> results, Instant now) =>
        [.. from result in results
            let transition = DeliveryStateMachine.Ending(result.Row.Transition, result.Queued.Delivery.OnceUncertain)
            group result by (result.Queued.Batch.TenantId, transition) into alike
            select new Settled(alike.Key.TenantId, alike.Key.transition, [.. alike.Where(r => r.Suppress)], SettlementStore.Settle(
                batch, alike.Key.TenantId, alike.Key.transition, [.. alike.Select(r => r.Row)], [.. alike.Select(EventOf).OfType<Event>()], now))];

    private static async Task SuppressAsync(TenantTransaction transaction, List<Settled> settled)
    {
        foreach (var alike in settled)
            foreach (var gone in alike.Gone.Where(r => alike.Written.Contains(r.Row.DeliveryId)))
                await SuppressionStore.SuppressRecipientAsync(
                    transaction.For(alike.TenantId), gone.Queued.Delivery.RecipientId, SuppressionReason.UnknownRecipient, "bounce", gone.Row.Now);
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

    /// <summary>One tenant's results of one kind: those whose address doesn't exist, and whose rows were written once the batch was run.</summary>
    private sealed record Settled(Guid TenantId, DeliveryTransition Transition, IReadOnlyList<LedgerEntry.Result> Gone, List<Guid> Written);
}
