using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>Writes and reads suppressions; nothing else does.</summary>
internal static class SuppressionStore
{
    /// <summary>Suppresses a recipient's address; nothing happens where it is suppressed already, or they are gone.</summary>
    public static Task SuppressRecipientAsync(TenantTransaction transaction, Guid recipientId, string reason, string source, Instant now) =>
        transaction.ExecuteAsync("""
            INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, source, created_at)
            SELECT @TenantId, @id, email_key, @reason, @source, @now
            FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId
            ON CONFLICT (tenant_id, pattern) DO NOTHING
            """, new { transaction.TenantId, id = Guid.CreateVersion7(), recipientId, reason, source, now });
}
