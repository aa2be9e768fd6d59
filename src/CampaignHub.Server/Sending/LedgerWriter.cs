using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Writes results with their events and suppressions, and marks, inside of the committer's transaction: results and marks
/// in one round trip, what follows from the results in a second.
/// </summary>
internal sealed class LedgerWriter(SendingMetrics metrics, IClock clock)
{
    /// <summary>Answers the marks' verdicts by delivery, and of mail domains that refuse messages how many.</summary>
    public async Task<(IReadOnlyDictionary<Guid, string> Verdicts, IReadOnlyCollection<(PolicyWindow Window, int Refused)> Windows)> WriteAsync(TenantTransaction transaction, IReadOnlyCollection<LedgerEntry> entries)
    {
        var now = clock.GetCurrentInstant();
        var marks = entries.OfType<LedgerEntry.Mark>().ToList();
        var batch = transaction.Batch();
        var settled = Settle(batch, entries.OfType<LedgerEntry.Result>());
        var marked = marks.GroupBy(m => m.Queued.Batch.TenantId)
            .SelectMany(tenant => Apart(tenant.Select(m => m.Row)).Select(rows => SettlementStore.Mark(batch, tenant.Key, rows, now))).ToList();
        await batch.RunAsync();
        var windows = await FollowAsync(transaction, settled, now);
        var verdicts = marked.SelectMany(tenant => tenant).ToDictionary(m => m.DeliveryId, m => m.Verdict);
        await EndAsync(transaction, marks, verdicts, now);
        return (verdicts, windows);
    }

    /// <summary>Marks that must see each other stand in different ones of these: several campaigns for one person whose messages are capped.</summary>
    private static IEnumerable<IReadOnlyCollection<SendingMark>> Apart(IEnumerable<SendingMark> marks) =>
        from mark in marks.GroupBy(m => m.IsCapped ? m.RecipientId : m.DeliveryId).SelectMany(alike => alike.Index())
        group mark.Item by mark.Index into together
        orderby together.Key
        select together.ToArray();

    /// <summary>Ends what must not be sent any more, as the marking found.</summary>
    private async Task EndAsync(TenantTransaction transaction, IReadOnlyCollection<LedgerEntry.Mark> marks, Dictionary<Guid, string> verdicts, Instant now)
    {
        var endings = from mark in marks
                      let verdict = verdicts.GetValueOrDefault(mark.Row.DeliveryId, "")
                      let ending = mark.Row.EndingBy(verdict)
                      where ending is not null
                      select new LedgerEntry.Result(
                          mark.Queued, new Settlement(mark.Row.DeliveryId, mark.Row.Token, ending.Value, now) { Reason = verdict }, suppress: false);
        var batch = transaction.Batch();
        var ended = Settle(batch, endings);
        await batch.RunAsync();
        await FollowAsync(transaction, ended, now);
    }

    private static List<Settled> Settle(StatementBatch batch, IEnumerable<LedgerEntry.Result> results) =>
        [.. from result in results
            let transition = DeliveryStateMachine.Ending(result.Row.Transition, result.Queued.Delivery.OnceUncertain)
            group result by (result.Queued.Batch.TenantId, transition) into alike
            select new Settled(alike.Key.TenantId, alike.Key.transition, [.. alike],
                SettlementStore.Settle(batch, alike.Key.TenantId, alike.Key.transition, [.. alike.Select(r => r.Row)]))];

    /// <summary>Events, suppressions and what domains made of them, of those whose lease still counted.</summary>
    private async Task<List<(PolicyWindow Window, int Refused)>> FollowAsync(TenantTransaction transaction, List<Settled> settled, Instant now)
    {
        await AcceptLateAsync(transaction, settled);
        var batch = transaction.Batch();
        foreach (var alike in settled)
        {
            EventLog.Append(batch, alike.TenantId, [.. alike.Stored.Select(EventOf).OfType<Event>()], now);
            metrics.Settled(alike.Transition, alike.Written.Count);
        }
        var judged = from result in settled.SelectMany(s => s.Stored)
                     where result.Judgement is not null
                     orderby result.Row.Now
                     select (result.Window!.Value, result.Judgement!.RefusedAsPolicy);
        var windows = PolicyWindowStore.Count(batch, judged);
        await batch.RunAsync();
        foreach (var (tenantId, gone) in settled.SelectMany(s => s.Stored.Where(r => r.Suppress).Select(r => (s.TenantId, r))))
            await SuppressionStore.SuppressRecipientAsync(
                transaction.For(tenantId), gone.Queued.Delivery.RecipientId, SuppressionReason.UnknownRecipient, "bounce", gone.Row.Now);
        return windows;
    }

    /// <summary>An acceptance counts late too, as long as no resend has been claimed.</summary>
    private static async Task AcceptLateAsync(TenantTransaction transaction, List<Settled> settled)
    {
        var batch = transaction.Batch();
        var late = settled.Where(s => s.Transition == DeliveryTransition.Accept && s.Written.Count < s.Results.Count)
            .Select(s => (s, Rows: SettlementStore.Settle(batch, s.TenantId, DeliveryTransition.LateAccept, [.. s.Unwritten.Select(r => r.Row)]))).ToList();
        await batch.RunAsync();
        foreach (var (alike, rows) in late)
            alike.Written.AddRange(rows);
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

    /// <summary>One tenant's results of one kind, and whose rows were written once the batch was run.</summary>
    private sealed record Settled(Guid TenantId, DeliveryTransition Transition, IReadOnlyList<LedgerEntry.Result> Results, List<Guid> Written)
    {
        public IEnumerable<LedgerEntry.Result> Stored => Results.Where(r => Written.Contains(r.Row.DeliveryId));

        public IEnumerable<LedgerEntry.Result> Unwritten => Results.Where(r => !Written.Contains(r.Row.DeliveryId));
    }
}
