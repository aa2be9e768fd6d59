using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>
/// Makes calls of the event log, for each webhook from where it has got to: in the log's order, none left out and none invented, as the
/// place moves in the transaction that makes the calls.
/// </summary>
internal sealed class WebhookFeeder(Database database, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<WebhookFeeder> log)
    : TenantLoop(database, "tenants_to_call", signal, health, log)
{
    private const int BatchSize = 1_000;

    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(500);

    protected override int AtOnce => 4;

    protected override WorkKind Heeds => WorkKind.NumberedEvents;

    protected override WorkKind? Wakes => WorkKind.WebhookCalls;

    protected override Task<TenantTransaction> BeginAsync(Guid tenantId, CancellationToken ct) => Database.BeginPreparedAsync(tenantId, ct);

    protected override async Task<bool> WorkAsync(TenantTransaction transaction)
    {
        var last = await EventFeed.LastSequenceAsync(transaction);
        var more = false;
        foreach (var stretch in (await WebhookStore.LockHungryAsync(transaction, last)).GroupBy(webhook => webhook.FedThrough))
        {
            // Those that have got equally far, which most have, are fed by one reading.
            var events = await EventFeed.ReadAsync(transaction, stretch.Key, last, null, BatchSize);
            var through = events.Count == BatchSize ? events[^1].Sequence : last;
            more |= events.Count == BatchSize;
            foreach (var webhook in stretch)
            {
                EventView[] wanted = [.. events.Where(e => webhook.Wants(e.Type))];
                if (wanted.Length > 0)
                    await WebhookCallStore.InsertAsync(transaction, webhook.WebhookId, wanted, clock.GetCurrentInstant());
                await WebhookStore.NoteFedAsync(transaction, webhook.WebhookId, through);
            }
        }
        await WebhookCallStore.ForgetOldAsync(transaction, clock.GetCurrentInstant());
        return more;
    }
}
