using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>Changes the consent of a person who is stored already; one of the few doors through which later rooms write upstream.</summary>
internal static class ConsentStore
{
    /// <summary>
    /// Takes the person's own no, which always holds: where a source has dated its yes ahead of the clock, the no counts
    /// from that instant, so that the same yes, said again, can't lift it.
    /// </summary>
    /// <returns>The consent afterwards; null where there is no such person any more.</returns>
    public static async Task<Consent?> WithdrawAsync(TenantTransaction transaction, Guid recipientId, string source, Instant at, Instant now)
    {
        if (await RecipientStore.LockAsync(transaction, recipientId) is not { } recipient)
            return null;
        var said = recipient.ConsentAt is { } held && held > at ? held : at;
        return await WriteAsync(transaction, recipient, new StatedConsent(ConsentStatement.Withdrawn, source, said), ConsentChannel.Data, now);
    }

    /// <summary>Takes a statement by Core's table, under a lock of the person's row.</summary>
    /// <returns>The consent afterwards, changed or not; null where there is no such person any more.</returns>
    public static async Task<Consent?> ApplyAsync(
        TenantTransaction transaction, Guid recipientId, StatedConsent stated, ConsentChannel channel, Instant now) =>
        await RecipientStore.LockAsync(transaction, recipientId) is { } recipient
            ? await WriteAsync(transaction, recipient, stated, channel, now)
            : null;

    private static async Task<Consent?> WriteAsync(
        TenantTransaction transaction, Recipient locked, StatedConsent stated, ConsentChannel channel, Instant now)
    {
        var after = Consent.After(locked.Consent, stated, channel);
        if (after != locked.Consent)
            await transaction.ExecuteAsync("""
                UPDATE recipients SET consent_status = @status, consent_source = @Source, consent_at = @At, updated_at = @now
                WHERE tenant_id = @TenantId AND recipient_id = @RecipientId
                """, new { transaction.TenantId, locked.RecipientId, status = after.Status.Word(), after.Source, after.At, now });
        return after;
    }
}
