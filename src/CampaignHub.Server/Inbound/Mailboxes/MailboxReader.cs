using System.Collections.Concurrent;
using CampaignHub.Core.Inbound;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>
/// Reads mailboxes that are due, each on one node at a time. What follows from a message is committed before it is noted as
/// read, and that before it is moved or deleted; whatever dies in between, it is done again to no further effect.
/// </summary>
internal sealed partial class MailboxReader(
    Database database, KeyRing ring, MailboxDoor door, InboundIntake intake, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<MailboxReader> log)
    : WorkLoop(signal, health, log)
{
    /// <summary>Mailboxes at once; of these at most so many wait for mail, and the others are looked at again after a minute.</summary>
    private const int MostAtOnce = 40;
    private const int MostWaiting = 20;
    private const int LookAgainSeconds = 60;

    /// <summary>As long as the store's turn.</summary>
    private const int TurnSeconds = 300;

    private readonly ConcurrentDictionary<Guid, Task> _visits = new();
    private int _waiting;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        foreach (var (tenantId, mailboxId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, mailbox_id FROM due_bounce_mailboxes()", null, ct))
        {
            if (_visits.Count >= MostAtOnce)
                return false;
            if (_visits.ContainsKey(mailboxId) || !await ClaimAsync(tenantId, mailboxId, again: false, ct))
                continue;
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _visits[mailboxId] = VisitAsync(tenantId, mailboxId, begun.Task, ct);
            begun.SetResult();
        }
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_visits.Values);
    }

    private async Task VisitAsync(Guid tenantId, Guid mailboxId, Task begun, CancellationToken ct)
    {
        await begun; // the visit is on the list before it can take itself off
        try
        {
            if (await FindAsync(tenantId, mailboxId, ct) is { } mailbox)
                await VisitAsync(tenantId, mailbox, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service stops; the next one that runs reads on.
        }
        catch (Exception fault)
        {
            LogFault(fault, mailboxId);
        }
        finally
        {
            _visits.TryRemove(mailboxId, out _);
        }
    }

    private async Task VisitAsync(Guid tenantId, BounceMailbox mailbox, CancellationToken ct)
    {
        try
        {
            await using (var session = await door.OpenAsync(mailbox, ct))
            {
                do
                    await ReadAsync(session, tenantId, mailbox, ct);
                while (await WaitAsync(session, ct) && await IsSameAsync(tenantId, mailbox, ct));
            }
            await NoteReadAsync(tenantId, mailbox, LookAgainSeconds, ct);
        }
        catch (MailboxFaultException fault)
        {
            LogProblem(mailbox.MailboxId, fault.Message);
            await using var transaction = await database.BeginAsync(tenantId, ct);
            await BounceMailboxStore.NoteProblemAsync(transaction, mailbox, BounceProblem(fault.Message));
            await transaction.CommitAsync();
        }
    }

    private async Task ReadAsync(MailboxSession session, Guid tenantId, BounceMailbox mailbox, CancellationToken ct)
    {
        var uids = await session.ListAsync(ct);
        var known = await KnownAsync(tenantId, mailbox, uids, ct);
        // What was handled before and lies there still: the service died before it could move or delete it.
        await session.SettleAsync([.. uids.Where(uid => known.TryGetValue(uid, out var isDone) && isDone)], ct);
        foreach (var uid in uids.Where(uid => !known.ContainsKey(uid)))
            if (await session.ReadAsync(uid, ct) is { } bytes && await TakeAsync(tenantId, mailbox, uid, bytes, ct))
                await session.SettleAsync([uid], ct);
        await NoteReadAsync(tenantId, mailbox, TurnSeconds, ct);
    }

    /// <summary>True where the message may be moved or deleted.</summary>
    private async Task<bool> TakeAsync(Guid tenantId, BounceMailbox mailbox, string uid, byte[] bytes, CancellationToken ct)
    {
        var mail = InboundReader.Read(bytes);
        var deliveryId = await intake.FindAsync(tenantId, mail, ct);
        if (deliveryId is { } found && !await intake.TakeAsync(tenantId, found, mail, bytes, ct))
            return false; // faster than its relay's answer: read again with the next look
        var isDone = deliveryId is not null && mail.Class is not (InboundClass.Reply or InboundClass.Other);
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await BounceMailboxStore.NoteMessageAsync(transaction, mailbox.MailboxId, uid, deliveryId is not null, isDone);
        await transaction.CommitAsync();
        return isDone;
    }

    /// <summary>Waits for mail where the server offers to tell of it; false: look again later.</summary>
    private async Task<bool> WaitAsync(MailboxSession session, CancellationToken ct)
    {
        try
        {
            return Interlocked.Increment(ref _waiting) <= MostWaiting && await session.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Whether nobody has changed the mailbox meanwhile; prolongs the turn.</summary>
    private async Task<bool> IsSameAsync(Guid tenantId, BounceMailbox mailbox, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var isSame = await BounceMailboxStore.FindAsync(transaction, mailbox.MailboxId) is { Enabled: true } now && now.UpdatedAt == mailbox.UpdatedAt
            && await BounceMailboxStore.ClaimAsync(transaction, mailbox.MailboxId, again: true);
        await transaction.CommitAsync();
        return isSame;
    }

    private async Task<bool> ClaimAsync(Guid tenantId, Guid mailboxId, bool again, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var claimed = await BounceMailboxStore.ClaimAsync(transaction, mailboxId, again);
        await transaction.CommitAsync();
        return claimed;
    }

    private async Task<BounceMailbox?> FindAsync(Guid tenantId, Guid mailboxId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        return await BounceMailboxStore.FindOpenAsync(transaction, ring, mailboxId);
    }

    private async Task<IReadOnlyDictionary<string, bool>> KnownAsync(Guid tenantId, BounceMailbox mailbox, IReadOnlyList<string> uids, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var known = await BounceMailboxStore.KnownAsync(transaction, mailbox.MailboxId, uids);
        await transaction.CommitAsync();
        return known;
    }

    private async Task NoteReadAsync(Guid tenantId, BounceMailbox mailbox, int lookAgainSeconds, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await BounceMailboxStore.NoteReadAsync(transaction, mailbox, clock.GetCurrentInstant(), lookAgainSeconds);
        await transaction.CommitAsync();
    }

    private static string BounceProblem(string message) => message.Length <= 500 ? message : message[..500];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bounce mailbox {MailboxId} can't be read: {Problem}")]
    private partial void LogProblem(Guid mailboxId, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading bounce mailbox {MailboxId} failed; it is read again in some minutes")]
    private partial void LogFault(Exception fault, Guid mailboxId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
