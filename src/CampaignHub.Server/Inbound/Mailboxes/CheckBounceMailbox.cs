using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>How a check of a bounce mailbox went.</summary>
public sealed record BounceMailboxCheckView
{
    /// <summary>Whether it can be read.</summary>
    public bool Ok { get; init; }

    /// <summary>Messages that lie in it; null where it can't be read.</summary>
    public long? Messages { get; init; }

    /// <summary>Why it can't be read; null where it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>Opens the mailbox as reading would, counts what lies in it, and changes nothing. One that can't be read is an answer (200 with <c>ok</c> false).</summary>
internal sealed class CheckBounceMailbox(MailboxDoor door, KeyRing ring) : ApiEndpoint<BounceMailboxRequest, BounceMailboxCheckView>
{
    public override void Configure()
    {
        Post("/v1/bounce-mailboxes/{id}/check");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Check a bounce mailbox");
    }

    // No transaction is open while something outside talks.
    protected override async Task<SerializedAnswer> RunAsync(BounceMailboxRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        BounceMailbox? mailbox;
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
            mailbox = await BounceMailboxStore.FindOpenAsync(transaction, ring, request.Id);
        Answer<BounceMailboxCheckView> answer = mailbox is null ? Problems.NotFound("bounce mailbox") : await LookAsync(mailbox, ct);
        var sent = SerializedAnswer.Of(answer);
        await reservation.KeepAsync(sent, ct);
        return sent;
    }

    private async Task<BounceMailboxCheckView> LookAsync(BounceMailbox mailbox, CancellationToken ct)
    {
        try
        {
            await using var session = await door.OpenAsync(mailbox, ct);
            return new BounceMailboxCheckView { Ok = true, Messages = (await session.ListAsync(ct)).Count };
        }
        catch (MailboxFaultException fault)
        {
            return new BounceMailboxCheckView { Problem = fault.Message };
        }
    }

    protected override Task<Answer<BounceMailboxCheckView>> AnswerAsync(BounceMailboxRequest request, TenantTransaction transaction) =>
        throw new NotSupportedException("A check runs outside of any transaction.");
}
