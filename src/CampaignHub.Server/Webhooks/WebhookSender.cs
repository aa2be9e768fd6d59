using System.Collections.Concurrent;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Webhooks;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>
/// Makes the calls that are due. Each endpoint is worked off by a task of its own, some calls at a time, so that one that hangs delays no
/// other. A worker that dies leaves leases, and when they have passed its calls are made again, with the same ids.
/// </summary>
internal sealed partial class WebhookSender(
    Database database, WebhookClient client, KeyRing keyRing, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<WebhookSender> log)
    : WorkLoop(signal, health, log)
{
    private const int MostEndpoints = 200;
    private const int AtOnce = 8;
    private const int Batch = 5 * AtOnce;

    /// <summary>Calls that a node makes at once.</summary>
    public const int MostCalls = MostEndpoints * AtOnce;

    // A batch of which every call takes as long as it may, and some more.
    private static readonly int LeaseSeconds = (int)(Batch / AtOnce * WebhookClient.Patience.TotalSeconds) + 30;

    private readonly ConcurrentDictionary<Guid, Task> _busy = new();

    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(500);

    protected override WorkKind Heeds => WorkKind.WebhookCalls;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        foreach (var (tenantId, webhookId) in await database.LookUpAsync<(Guid, Guid)>(
            "SELECT tenant_id, webhook_id FROM webhooks_due(@now)", new { now = clock.GetCurrentInstant() }, ct))
        {
            if (_busy.Count < MostEndpoints && !_busy.ContainsKey(webhookId))
                _busy[webhookId] = Task.Run(() => WorkOffAsync(tenantId, webhookId, ct), CancellationToken.None);
        }
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_busy.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WorkOffAsync(Guid tenantId, Guid webhookId, CancellationToken ct)
    {
        try
        {
            while (await CallBatchAsync(tenantId, webhookId, ct))
            {
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            LogFault(fault, webhookId);
        }
        finally
        {
            _busy.TryRemove(webhookId, out _);
        }
    }

    /// <summary>True if there may be more that is due.</summary>
    private async Task<bool> CallBatchAsync(Guid tenantId, Guid webhookId, CancellationToken ct)
    {
        Webhook webhook;
        IReadOnlyList<WebhookCall> calls;
        Dictionary<Guid, EventView> events;
        var now = clock.GetCurrentInstant();
        await using (var transaction = await database.BeginPreparedAsync(tenantId, ct))
        {
            if (await WebhookStore.FindAsync(transaction, webhookId) is not { Enabled: true } found)
                return false;
            webhook = found;
            calls = await WebhookCallStore.ClaimAsync(transaction, webhookId, Batch * webhook.MaxBatch, LeaseSeconds, now);
            events = (await EventFeed.FindAsync(transaction, [.. calls.Select(c => (c.EventId, c.ReceivedAt))])).ToDictionary(e => e.Id);
            await transaction.CommitAsync();
        }
        if (calls.Count == 0)
            return false;
        var secrets = WebhookStore.Secrets(keyRing, tenantId, webhook, now);
        var settled = new ConcurrentBag<SettledCall>();
        foreach (var forgotten in calls.Where(call => !events.ContainsKey(call.EventId)))
            settled.Add(new SettledCall(forgotten.EventId, new WebhookAnswer(null, "The event is no longer kept."), null));
        // What is under way is seen to its end, by its own limit of time: an answer that is on its way isn't thrown away.
        await Parallel.ForEachAsync(calls.Where(call => events.ContainsKey(call.EventId)).Chunk(webhook.MaxBatch), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (together, _) =>
        {
            if (ct.IsCancellationRequested)
                return;
            foreach (var one in await CallAsync(webhook, together, events, secrets))
                settled.Add(one);
        });
        await SettleAsync(tenantId, webhookId, settled);
        // What came due meanwhile isn't left to the next look.
        return !ct.IsCancellationRequested;
    }

    /// <summary>One call for these events, whose outcome is that of each.</summary>
    private async Task<IEnumerable<SettledCall>> CallAsync(Webhook webhook, WebhookCall[] together, Dictionary<Guid, EventView> events, IReadOnlyList<byte[]> secrets)
    {
        var (now, isBatch) = (clock.GetCurrentInstant(), webhook.MaxBatch > 1);
        var happened = Array.ConvertAll(together, call => events[call.EventId]);
        var answer = await client.CallAsync(
            webhook.Url, WebhookPayload.IdOf(Array.ConvertAll(together, call => call.EventId), isBatch),
            isBatch ? WebhookPayload.OfMany(happened, now) : WebhookPayload.Of(happened[0]), secrets, now, CancellationToken.None);
        // The same for all of them, so that they stay together.
        var chance = Random.Shared.NextDouble();
        return together.Select(call => new SettledCall(call.EventId, answer, NextOf(call, answer, chance, now)));
    }

    private static Instant? NextOf(WebhookCall call, WebhookAnswer answer, double chance, Instant now) =>
        answer.Verdict != WebhookVerdict.Delivered && WebhookRetries.After(call.Attempts + 1, chance, answer.PutOff) is { } wait ? now + wait : null;

    private async Task SettleAsync(Guid tenantId, Guid webhookId, ConcurrentBag<SettledCall> settled)
    {
        if (settled.IsEmpty)
            return;
        var now = clock.GetCurrentInstant();
        await using var transaction = await database.BeginPreparedAsync(tenantId, CancellationToken.None);
        await WebhookCallStore.SettleAsync(transaction, webhookId, settled, now);
        await WebhookStore.NoteOutcomeAsync(
            transaction, webhookId, settled.Any(c => c.Answer.Verdict == WebhookVerdict.Delivered),
            settled.Any(c => c.Answer.Verdict == WebhookVerdict.Gone) ? "The endpoint answered 410 Gone: it wants no more calls." : null, now);
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The calls of webhook {WebhookId} could not be made, and are tried again")]
    private partial void LogFault(Exception fault, Guid webhookId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
