using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>Writes and reads what waits to be confirmed; nothing else does.</summary>
internal static class ConfirmationStore
{
    private const string Columns = """
        c.confirmation_id, c.form_id, c.email, c.email_key, c.first_name, c.last_name, c.language, c.wording, c.asked_at, c.expires_at, c.attempts, c.mails, c.confirmed_at
        """;

    public static Task<FormConfirmation?> FindAsync(TenantTransaction transaction, Guid confirmationId) => transaction.QueryFirstOrDefaultAsync<FormConfirmation>(
        $"SELECT {Columns} FROM form_confirmations c WHERE c.tenant_id = @TenantId AND c.confirmation_id = @confirmationId", new { transaction.TenantId, confirmationId });

    /// <summary>Finds it and keeps others from confirming it until the commit.</summary>
    public static Task<FormConfirmation?> LockAsync(TenantTransaction transaction, Guid confirmationId) => transaction.QueryFirstOrDefaultAsync<FormConfirmation>(
        $"SELECT {Columns} FROM form_confirmations c WHERE c.tenant_id = @TenantId AND c.confirmation_id = @confirmationId FOR UPDATE", new { transaction.TenantId, confirmationId });

    /// <summary>Has a mail sent at once. Who asked before and hasn't confirmed is asked again, with what they say now.</summary>
    public static Task AskAsync(TenantTransaction transaction, FormConfirmation asked) => transaction.ExecuteAsync("""
        INSERT INTO form_confirmations (tenant_id, confirmation_id, form_id, email, email_key, first_name, last_name, language, wording, asked_at, expires_at, next_mail_at)
        VALUES (@TenantId, @ConfirmationId, @FormId, @Email, @EmailKey, @FirstName, @LastName, @Language, @Wording, @AskedAt, @ExpiresAt, @AskedAt)
        ON CONFLICT (tenant_id, form_id, email_key) WHERE confirmed_at IS NULL DO UPDATE
        SET first_name = excluded.first_name, last_name = excluded.last_name, language = excluded.language, wording = excluded.wording,
            asked_at = excluded.asked_at, expires_at = excluded.expires_at, next_mail_at = excluded.next_mail_at, attempts = 0
        """, new
    {
        transaction.TenantId,
        asked.ConfirmationId,
        asked.FormId,
        asked.Email,
        asked.EmailKey,
        asked.FirstName,
        asked.LastName,
        asked.Language,
        asked.Wording,
        asked.AskedAt,
        asked.ExpiresAt,
    });

    /// <summary>Takes mails that are due, for as long as the lease lasts: committed before they are sent, so that a crash sends none a third time.</summary>
    public static Task<IReadOnlyList<FormConfirmation>> ClaimAsync(TenantTransaction transaction, int most, int leaseSeconds, Instant now) => transaction.QueryAsync<FormConfirmation>($"""
        WITH due AS (
            SELECT confirmation_id FROM form_confirmations
            WHERE tenant_id = @TenantId AND next_mail_at <= @now AND (leased_until IS NULL OR leased_until < clock_timestamp())
            ORDER BY next_mail_at LIMIT @most FOR UPDATE SKIP LOCKED
        )
        UPDATE form_confirmations c SET attempts = attempts + 1, leased_until = clock_timestamp() + make_interval(secs => @leaseSeconds)
        FROM due WHERE c.tenant_id = @TenantId AND c.confirmation_id = due.confirmation_id
        RETURNING {Columns}
        """, new { transaction.TenantId, most, leaseSeconds, now });

    /// <summary>Notes how a mail went, and when the next is due; one that was asked for again or confirmed meanwhile stays as that left it.</summary>
    public static Task SettleAsync(TenantTransaction transaction, FormConfirmation sent, bool wasTaken, string reply, Instant? nextMailAt) => transaction.ExecuteAsync("""
        UPDATE form_confirmations
        SET leased_until = NULL, last_reply = @reply, mails = mails + @wasTaken::int, attempts = CASE WHEN @wasTaken THEN 0 ELSE attempts END,
            next_mail_at = CASE WHEN confirmed_at IS NULL AND asked_at = @AskedAt THEN @nextMailAt ELSE next_mail_at END
        WHERE tenant_id = @TenantId AND confirmation_id = @ConfirmationId
        """, new { transaction.TenantId, sent.ConfirmationId, sent.AskedAt, wasTaken, reply, nextMailAt });

    public static Task NoteConfirmedAsync(TenantTransaction transaction, Guid confirmationId, Instant now) => transaction.ExecuteAsync("""
        UPDATE form_confirmations SET confirmed_at = @now, next_mail_at = NULL WHERE tenant_id = @TenantId AND confirmation_id = @confirmationId
        """, new { transaction.TenantId, confirmationId, now });

    /// <summary>What a person asked for by their address, the newest first.</summary>
    public static IAsyncEnumerable<PersonConfirmation> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonConfirmation>("""
        SELECT c.confirmation_id AS id, c.form_id, c.email, c.first_name, c.last_name, c.language, c.wording, c.asked_at, c.expires_at, c.mails, c.confirmed_at
        FROM recipients r JOIN form_confirmations c ON c.tenant_id = @TenantId AND c.email_key = r.email_key
        WHERE r.tenant_id = @TenantId AND r.recipient_id = @recipientId ORDER BY c.asked_at DESC, c.confirmation_id
        """, new { transaction.TenantId, recipientId });

    /// <summary>Forgets what these people asked for, confirmed or not.</summary>
    public static Task ForgetPeopleAsync(TenantTransaction transaction, Guid[] recipientIds) => transaction.ExecuteAsync("""
        DELETE FROM form_confirmations c USING recipients r
        WHERE c.tenant_id = @TenantId AND r.tenant_id = @TenantId AND r.recipient_id = ANY (@recipientIds) AND c.email_key = r.email_key
        """, new { transaction.TenantId, recipientIds });

    /// <summary>Forgets a batch of those that expired before; true if there may be more.</summary>
    public static async Task<bool> DeleteOldAsync(TenantTransaction transaction, Instant before, int most) => await transaction.ExecuteAsync("""
        DELETE FROM form_confirmations WHERE tenant_id = @TenantId AND confirmation_id IN (
            SELECT confirmation_id FROM form_confirmations WHERE tenant_id = @TenantId AND expires_at < @before LIMIT @most)
        """, new { transaction.TenantId, before, most }) == most;
}
