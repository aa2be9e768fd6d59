using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>Writes and reads mailboxes; nothing else does. A password lies sealed, and is opened only to read its mailbox.</summary>
internal static class BounceMailboxStore
{
    private const string PasswordPurpose = "bounce_mailbox.password";

    private const string Select = """
        SELECT mailbox_id, name, protocol, host, port, tls, username, password_encrypted, folder, when_handled, move_to, root_certificates,
               enabled, handled, unmatched, read_at, problem, created_at, updated_at
        FROM bounce_mailboxes WHERE tenant_id = @TenantId
        """;

    public static Task<BounceMailbox?> FindAsync(TenantTransaction transaction, Guid mailboxId) =>
        transaction.QueryFirstOrDefaultAsync<BounceMailbox>($"{Select} AND mailbox_id = @mailboxId", new { transaction.TenantId, mailboxId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<BounceMailbox?> LockAsync(TenantTransaction transaction, Guid mailboxId) =>
        transaction.QueryFirstOrDefaultAsync<BounceMailbox>($"{Select} AND mailbox_id = @mailboxId FOR UPDATE", new { transaction.TenantId, mailboxId });

    /// <summary>The mailbox with its password.</summary>
    public static async Task<BounceMailbox?> FindOpenAsync(TenantTransaction transaction, KeyRing ring, Guid mailboxId)
    {
        if (await FindAsync(transaction, mailboxId) is not { } mailbox)
            return null;
        return mailbox with { Password = SealedSecret.OpenText(ring, transaction.TenantId, PasswordPurpose, mailboxId, mailbox.PasswordEncrypted) };
    }

    public static Task<IReadOnlyList<BounceMailbox>> ListAsync(TenantTransaction transaction, Guid? after, int limit) =>
        transaction.QueryAsync<BounceMailbox>(
            $"{Select} AND (@after::uuid IS NULL OR mailbox_id > @after) ORDER BY mailbox_id LIMIT @limit", new { transaction.TenantId, after, limit });

    public static Task InsertAsync(TenantTransaction transaction, BounceMailbox mailbox) => transaction.ExecuteAsync("""
        INSERT INTO bounce_mailboxes (tenant_id, mailbox_id, name, protocol, host, port, tls, username, password_encrypted, folder, when_handled,
            move_to, root_certificates, enabled, created_at, updated_at)
        VALUES (@TenantId, @MailboxId, @Name, @Protocol, @Host, @Port, @Tls, @Username, @PasswordEncrypted, @Folder, @WhenHandled,
            @MoveTo, @RootCertificates, @Enabled, @CreatedAt, @UpdatedAt)
        """, Row(transaction, mailbox));

    /// <summary>Writes what people set; it is looked at anew at once.</summary>
    public static Task UpdateAsync(TenantTransaction transaction, BounceMailbox mailbox) => transaction.ExecuteAsync("""
        UPDATE bounce_mailboxes
        SET name = @Name, host = @Host, port = @Port, tls = @Tls, username = @Username, password_encrypted = @PasswordEncrypted,
            folder = @Folder, when_handled = @WhenHandled, move_to = @MoveTo, root_certificates = @RootCertificates, enabled = @Enabled,
            updated_at = @UpdatedAt, problem = NULL, failures = 0, next_look_at = '-infinity'
        WHERE tenant_id = @TenantId AND mailbox_id = @MailboxId
        """, Row(transaction, mailbox));

    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid mailboxId) => await transaction.ExecuteAsync(
        "DELETE FROM bounce_mailboxes WHERE tenant_id = @TenantId AND mailbox_id = @mailboxId", new { transaction.TenantId, mailboxId }) == 1;

    /// <summary>Takes the turn to read it for five minutes, or prolongs it; false where it isn't due or another node was faster.</summary>
    public static async Task<bool> ClaimAsync(TenantTransaction transaction, Guid mailboxId, bool again) => await transaction.ExecuteAsync("""
        UPDATE bounce_mailboxes SET next_look_at = clock_timestamp() + interval '5 minutes'
        WHERE tenant_id = @TenantId AND mailbox_id = @mailboxId AND enabled AND (@again OR next_look_at <= clock_timestamp())
        """, new { transaction.TenantId, mailboxId, again }) == 1;

    /// <summary>Notes that it was read, and when to look again.</summary>
    public static Task NoteReadAsync(TenantTransaction transaction, BounceMailbox mailbox, Instant now, int lookAgainSeconds) => transaction.ExecuteAsync("""
        UPDATE bounce_mailboxes
        SET read_at = @now, problem = NULL, failures = 0, next_look_at = clock_timestamp() + @lookAgainSeconds * interval '1 second'
        WHERE tenant_id = @TenantId AND mailbox_id = @MailboxId AND updated_at = @UpdatedAt
        """, new { transaction.TenantId, mailbox.MailboxId, mailbox.UpdatedAt, now, lookAgainSeconds });

    /// <summary>Notes that it could not be read: looked at again after a minute, then twice as long each time up to a quarter of an hour.</summary>
    public static Task NoteProblemAsync(TenantTransaction transaction, BounceMailbox mailbox, string problem) => transaction.ExecuteAsync("""
        UPDATE bounce_mailboxes
        SET problem = @problem, failures = failures + 1, next_look_at = clock_timestamp() + least(15, 2 ^ least(failures, 4)) * interval '1 minute'
        WHERE tenant_id = @TenantId AND mailbox_id = @MailboxId AND updated_at = @UpdatedAt
        """, new { transaction.TenantId, mailbox.MailboxId, mailbox.UpdatedAt, problem });

    /// <summary>Of the messages that lie there, those that were read before, with whether they are done; the others are forgotten.</summary>
    public static async Task<IReadOnlyDictionary<string, bool>> KnownAsync(TenantTransaction transaction, Guid mailboxId, IReadOnlyCollection<string> uids)
    {
        await transaction.ExecuteAsync("""
            DELETE FROM bounce_mailbox_messages WHERE tenant_id = @TenantId AND mailbox_id = @mailboxId AND NOT uid = ANY (@uids)
            """, new { transaction.TenantId, mailboxId, uids = uids.ToArray() });
        return (await transaction.QueryAsync<(string Uid, bool IsDone)>(
            "SELECT uid, is_done FROM bounce_mailbox_messages WHERE tenant_id = @TenantId AND mailbox_id = @mailboxId", new { transaction.TenantId, mailboxId }))
            .ToDictionary(message => message.Uid, message => message.IsDone);
    }

    /// <summary>Notes that a message was read, and counts it, once.</summary>
    public static Task NoteMessageAsync(TenantTransaction transaction, Guid mailboxId, string uid, bool isMatched, bool isDone) => transaction.ExecuteAsync("""
        WITH noted AS (
            INSERT INTO bounce_mailbox_messages (tenant_id, mailbox_id, uid, is_done) VALUES (@TenantId, @mailboxId, @uid, @isDone)
            ON CONFLICT (tenant_id, mailbox_id, uid) DO NOTHING RETURNING uid
        )
        UPDATE bounce_mailboxes SET handled = handled + @isMatched::int, unmatched = unmatched + (NOT @isMatched)::int
        WHERE tenant_id = @TenantId AND mailbox_id = @mailboxId AND EXISTS (SELECT 1 FROM noted)
        """, new { transaction.TenantId, mailboxId, uid, isMatched, isDone });

    public static byte[] Seal(KeyRing ring, Guid tenantId, Guid mailboxId, string password) => SealedSecret.Seal(ring, tenantId, PasswordPurpose, mailboxId, password);

    private static object Row(TenantTransaction transaction, BounceMailbox m) => new
    {
        transaction.TenantId,
        m.MailboxId,
        m.Name,
        m.Protocol,
        m.Host,
        m.Port,
        m.Tls,
        m.Username,
        m.PasswordEncrypted,
        m.Folder,
        m.WhenHandled,
        m.MoveTo,
        m.RootCertificates,
        m.Enabled,
        m.CreatedAt,
        m.UpdatedAt,
    };
}
