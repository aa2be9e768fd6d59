using CampaignHub.Core.Inbound;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Outbound;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>
/// Handles what lies in a mailbox. What follows from a message is committed before it is noted as read, and that before it
/// is moved or deleted; whatever dies in between, it is done again to no further effect.
/// </summary>
internal sealed class MailboxContents(Database database, InboundIntake intake, IClock clock)
{
    /// <summary>As long as the store's turn.</summary>
    private const int TurnSeconds = 300;
    private const int MostProblem = 500;

    /// <summary>Handles what is new, and moves or deletes what was handled.</summary>
    public async Task ReadAsync(MailboxSession session, Guid tenantId, BounceMailbox mailbox, CancellationToken ct)
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

    /// <summary>Whether nobody has changed the mailbox meanwhile; prolongs the turn.</summary>
    public async Task<bool> IsSameAsync(Guid tenantId, BounceMailbox mailbox, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var isSame = await BounceMailboxStore.FindAsync(transaction, mailbox.MailboxId) is { Enabled: true } now && now.UpdatedAt == mailbox.UpdatedAt
            && await BounceMailboxStore.ClaimAsync(transaction, mailbox.MailboxId, again: true);
        await transaction.CommitAsync();
        return isSame;
    }

    public async Task NoteReadAsync(Guid tenantId, BounceMailbox mailbox, int lookAgainSeconds, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await BounceMailboxStore.NoteReadAsync(transaction, mailbox, clock.GetCurrentInstant(), lookAgainSeconds);
        await transaction.CommitAsync();
    }

    public async Task NoteProblemAsync(Guid tenantId, BounceMailbox mailbox, string problem, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await BounceMailboxStore.NoteProblemAsync(transaction, mailbox, OutboundFault.Words(problem, MostProblem));
        await transaction.CommitAsync();
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

    private async Task<IReadOnlyDictionary<string, bool>> KnownAsync(Guid tenantId, BounceMailbox mailbox, IReadOnlyList<string> uids, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var known = await BounceMailboxStore.KnownAsync(transaction, mailbox.MailboxId, uids);
        await transaction.CommitAsync();
        return known;
    }
}
