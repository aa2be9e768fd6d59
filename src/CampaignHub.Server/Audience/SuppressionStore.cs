using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>
/// Writes and reads suppressions; one of the few doors through which later rooms write upstream. In SQL an address is
/// suppressed where a row's pattern is among <c>suppression_candidates(email_key, mail_domain)</c>: an equality that the
/// index on (tenant_id, pattern) answers.
/// </summary>
internal static class SuppressionStore
{
    private const string Columns = "suppression_id AS id, pattern, reason, note, source, created_at";

    /// <summary>Suppresses; nothing happens where the very pattern is suppressed already.</summary>
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="pattern">Normalised: an address's key, or what <see cref="SuppressionPattern"/> gives.</param>
    /// <param name="reason">Why.</param>
    /// <param name="source">What makes it, in a word.</param>
    /// <param name="note">A remark for people.</param>
    /// <param name="now">Business time.</param>
    /// <returns>The new suppression; null where there was one.</returns>
    public static Task<Suppression?> SuppressAsync(
        TenantTransaction transaction, string pattern, SuppressionReason reason, string source, string? note, Instant now) =>
        transaction.QueryFirstOrDefaultAsync<Suppression>($"""
            INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, note, source, created_at)
            VALUES (@TenantId, @id, @pattern, @reason, @note, @source, @now)
            ON CONFLICT (tenant_id, pattern) DO NOTHING
            RETURNING {Columns}
            """, new { transaction.TenantId, id = Guid.CreateVersion7(), pattern, reason = reason.Word(), note, source, now });

    /// <summary>Suppresses a recipient's address; nothing happens where it is suppressed already, or they are gone.</summary>
    public static Task SuppressRecipientAsync(
        TenantTransaction transaction, Guid recipientId, SuppressionReason reason, string source, Instant now) =>
        transaction.ExecuteAsync("""
            INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, source, created_at)
            SELECT @TenantId, @id, email_key, @reason, @source, @now
            FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId
            ON CONFLICT (tenant_id, pattern) DO NOTHING
            """, new { transaction.TenantId, id = Guid.CreateVersion7(), recipientId, reason = reason.Word(), source, now });

    /// <summary>Whether any pattern matches the address.</summary>
    public static Task<bool> IsSuppressedAsync(TenantTransaction transaction, EmailAddress address) => transaction.QuerySingleAsync<bool>("""
        SELECT EXISTS (SELECT 1 FROM suppressions WHERE tenant_id = @TenantId AND pattern = ANY (@candidates))
        """, new { transaction.TenantId, candidates = SuppressionPattern.Candidates(address).ToArray() });

    /// <summary>Those that match a person's address.</summary>
    public static Task<IReadOnlyList<Suppression>> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.QueryAsync<Suppression>($"""
        SELECT {Columns} FROM suppressions
        WHERE tenant_id = @TenantId AND pattern = ANY ((
            SELECT suppression_candidates(email_key, mail_domain) FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId)::text[])
        """, new { transaction.TenantId, recipientId });

    public static Task<Suppression?> FindAsync(TenantTransaction transaction, Guid suppressionId) =>
        transaction.QueryFirstOrDefaultAsync<Suppression>(
            $"SELECT {Columns} FROM suppressions WHERE tenant_id = @TenantId AND suppression_id = @suppressionId",
            new { transaction.TenantId, suppressionId });

    public static Task<IReadOnlyList<Suppression>> ListAsync(TenantTransaction transaction, Guid? after, int limit) =>
        transaction.QueryAsync<Suppression>($"""
            SELECT {Columns} FROM suppressions
            WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR suppression_id > @after)
            ORDER BY suppression_id LIMIT @limit
            """, new { transaction.TenantId, after, limit });

    /// <summary>Changes reason and note where they are given; null: there is no such suppression.</summary>
    public static Task<Suppression?> UpdateAsync(TenantTransaction transaction, Guid suppressionId, SuppressionChange change) =>
        transaction.QueryFirstOrDefaultAsync<Suppression>($"""
            UPDATE suppressions
            SET reason = coalesce(@reason, reason), note = CASE WHEN @setsNote THEN @note ELSE note END
            WHERE tenant_id = @TenantId AND suppression_id = @suppressionId
            RETURNING {Columns}
            """, new { transaction.TenantId, suppressionId, reason = change.Reason.Value, setsNote = change.Note.IsSet, note = change.Note.Value });

    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid suppressionId) => await transaction.ExecuteAsync(
        "DELETE FROM suppressions WHERE tenant_id = @TenantId AND suppression_id = @suppressionId",
        new { transaction.TenantId, suppressionId }) == 1;

    /// <summary>Whether nothing may be sent to an address.</summary>
    public static Task<bool> MatchesAsync(TenantTransaction transaction, EmailAddress address) => transaction.QuerySingleAsync<bool>("""
        SELECT EXISTS (SELECT 1 FROM suppressions WHERE tenant_id = @TenantId AND pattern = ANY (suppression_candidates(@Key, @Domain)))
        """, new { transaction.TenantId, address.Key, address.Domain });
}
