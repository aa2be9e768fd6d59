using System.Collections.Concurrent;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>Reads mailboxes that are due, each on one node at a time, and waits for their mail where servers tell of it.</summary>
internal sealed partial class MailboxReader(
    Database database, KeyRing ring, MailboxDoor door, MailboxContents contents, WorkSignal signal, WorkerHealth health, ILogger<MailboxReader> log)
    : WorkLoop(signal, health, log)
{
    /// <summary>Mailboxes at once; of these at most so many wait for mail, and the others are looked at again after a minute.</summary>
    private const int MostAtOnce = 40;
    private const int MostWaiting = 20;
    private const int LookAgainSeconds = 60;

    private readonly ConcurrentDictionary<Guid, Task> _visits = new();
    private int _waiting;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        foreach (var (tenantId, mailboxId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, mailbox_id FROM due_bounce_mailboxes()", null, ct))
        {
            if (_visits.Count >= MostAtOnce)
                return false;
            if (_visits.ContainsKey(mailboxId) || await ClaimAsync(tenantId, mailboxId, ct) is not { } mailbox)
                continue;
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _visits[mailboxId] = VisitAsync(tenantId, mailbox, begun.Task, ct);
            begun.SetResult();
        }
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_visits.Values);
    }

    private async Task VisitAsync(Guid tenantId, BounceMailbox mailbox, Task begun, CancellationToken ct)
    {
        await begun; // the visit is on the list before it can take itself off
        try
        {
            await VisitAsync(tenantId, mailbox, ct);
        }
        catch (MailboxFaultException fault)
        {
            LogProblem(mailbox.MailboxId, fault.Message);
            await contents.NoteProblemAsync(tenantId, mailbox, fault.Message, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service stops; the next one that runs reads on.
        }
        catch (Exception fault)
        {
            LogFault(fault, mailbox.MailboxId);
        }
        finally
        {
            _visits.TryRemove(mailbox.MailboxId, out _);
        }
    }

    private async Task VisitAsync(Guid tenantId, BounceMailbox mailbox, CancellationToken ct)
    {
        await using (var session = await door.OpenAsync(mailbox, ct))
        {
            do
                await contents.ReadAsync(session, tenantId, mailbox, ct);
            while (await WaitAsync(session, ct) && await contents.IsSameAsync(tenantId, mailbox, ct));
        }
        await contents.NoteReadAsync(tenantId, mailbox, LookAgainSeconds, ct);
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

    /// <summary>The mailbox, to be read by this node now; null where another one does.</summary>
    private async Task<BounceMailbox?> ClaimAsync(Guid tenantId, Guid mailboxId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (!await BounceMailboxStore.ClaimAsync(transaction, mailboxId, again: false))
            return null;
        var mailbox = await OpenAsync(transaction, mailboxId);
        await transaction.CommitAsync();
        return mailbox;
    }

    /// <summary>The mailbox with its password; where that can't be opened it says so, and the other mailboxes are read all the same.</summary>
    private async Task<BounceMailbox?> OpenAsync(TenantTransaction transaction, Guid mailboxId)
    {
        try
        {
            return await BounceMailboxStore.FindOpenAsync(transaction, ring, mailboxId);
        }
        catch (SealedSecretException lost)
        {
            LogProblem(mailboxId, lost.Message);
            if (await BounceMailboxStore.FindAsync(transaction, mailboxId) is { } closed)
                await BounceMailboxStore.NoteProblemAsync(transaction, closed, lost.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bounce mailbox {MailboxId} can't be read: {Problem}")]
    private partial void LogProblem(Guid mailboxId, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading bounce mailbox {MailboxId} failed; it is read again in some minutes")]
    private partial void LogFault(Exception fault, Guid mailboxId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
