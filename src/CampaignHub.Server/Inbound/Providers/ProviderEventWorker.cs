using CampaignHub.Core.Audience;
using CampaignHub.Core.Inbound;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>
/// Works off what providers posted: finds the delivery, and commits what follows, once however often it is told. What is found for
/// none, or was faster than the relay's own answer, is tried again for half an hour.
/// </summary>
internal sealed partial class ProviderEventWorker(
    Database database, ReturnPaths paths, InboundEffects effects, ComplaintWatch complaints, ProviderMetrics metrics,
    WorkSignal signal, WorkerHealth health, IClock clock, ILogger<ProviderEventWorker> log) : WorkLoop(signal, health, log)
{
    private static readonly int[] s_retrySeconds = [2, 30, 300, 1_800];

    protected override WorkKind Heeds => WorkKind.ProviderEvents;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var due = await database.LookUpAsync<(Guid TenantId, Guid EventId)>("SELECT tenant_id, event_id FROM due_provider_events()", null, ct);
        foreach (var (tenantId, eventId) in due)
        {
            try
            {
                await TakeAsync(tenantId, eventId, ct);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogFault(fault, eventId);
                await PutOffAsync(tenantId, eventId, s_retrySeconds[^1], ct); // The others don't wait for it.
            }
        }
        return due.Count > 0;
    }

    private async Task TakeAsync(Guid tenantId, Guid eventId, CancellationToken ct)
    {
        ReturnedDelivery? delivery;
        KeptEvent? kept;
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            kept = await ProviderEventStore.ClaimAsync(transaction, eventId);
            if (kept is null)
                return;
            if (kept is { Finding.Class: InboundClass.Suppressed, RecipientId: { } person })
            {
                await SuppressionStore.SuppressRecipientAsync(transaction, person, SuppressionReason.Manual, "provider", clock.GetCurrentInstant());
                await RemoveAsync(transaction, kept);
                await transaction.CommitAsync();
                return;
            }
            delivery = await FindAsync(transaction, kept);
            if (delivery is null or { IsOnTheWire: true })
            {
                await PutOffAsync(transaction, kept);
                return;
            }
            await effects.ApplyAsync(transaction, delivery, new InboundMail([kept.Finding]), kept.Digest);
            if (kept.Finding.Class != InboundClass.Complaint)
                await RemoveAsync(transaction, kept);
            await transaction.CommitAsync();
        }
        if (kept.Finding.Class != InboundClass.Complaint)
            return;
        // Removed only after the judgement: the service may die between the two, and what follows has one effect.
        await complaints.JudgeAsync(tenantId, delivery.CampaignId, delivery.MailDomain, ct);
        await using var judged = await database.BeginAsync(tenantId, ct);
        await RemoveAsync(judged, kept);
        await judged.CommitAsync();
    }

    /// <summary>By our token, by the id in the relay's reply, by the return path, by our Message-ID; in this order.</summary>
    private async Task<ReturnedDelivery?> FindAsync(TenantTransaction transaction, KeptEvent kept)
    {
        if (kept.Token is { } token && paths.ReadFor(transaction.TenantId, token) is { } byToken && await ReturnedDelivery.FindAsync(transaction, byToken) is { } first)
            return first;
        if (kept is { RecipientId: { } person, ProviderMessageId: { Length: >= ShortestId } id }
            && await ProviderEventStore.FindByReplyAsync(transaction, person, id) is { } byReply)
            return await ReturnedDelivery.FindAsync(transaction, byReply);
        if (kept.ReturnPath is { } path && paths.ReadFor(transaction.TenantId, path) is { } byPath && await ReturnedDelivery.FindAsync(transaction, byPath) is { } third)
            return third;
        return kept.MessageId is { } messageId && Guid.TryParseExact(messageId.Split('@')[0], "D", out var byMessage)
            && await ReturnedDelivery.IsOfMessageAsync(transaction, byMessage, messageId) ? await ReturnedDelivery.FindAsync(transaction, byMessage) : null;
    }

    /// <summary>An id that is shorter may stand in any reply.</summary>
    private const int ShortestId = 12;

    private async Task RemoveAsync(TenantTransaction transaction, KeptEvent kept)
    {
        if (!await ProviderEventStore.RemoveAsync(transaction, kept.EventId))
            return;
        await ProviderFeedStore.CountAsync(transaction, kept.FeedId, matched: 1, unmatched: 0);
        metrics.Worked(kept.Kind, "matched");
    }

    private async Task PutOffAsync(TenantTransaction transaction, KeptEvent kept)
    {
        int? seconds = kept.Tries < s_retrySeconds.Length ? s_retrySeconds[kept.Tries] : null;
        await ProviderEventStore.PutOffAsync(transaction, kept.EventId, seconds);
        if (seconds is null)
            await ProviderFeedStore.CountAsync(transaction, kept.FeedId, matched: 0, unmatched: 1);
        await transaction.CommitAsync();
        if (seconds is null)
            metrics.Worked(kept.Kind, "unmatched");
    }

    private async Task PutOffAsync(Guid tenantId, Guid eventId, int seconds, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await ProviderEventStore.PutOffAsync(transaction, eventId, seconds);
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Provider event {EventId} could not be worked off; it is tried again in half an hour")]
    private partial void LogFault(Exception fault, Guid eventId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
