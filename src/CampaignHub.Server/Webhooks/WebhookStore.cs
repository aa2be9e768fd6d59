using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Webhooks;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>Writes and reads webhooks; nothing else does. Their secrets lie sealed.</summary>
internal static class WebhookStore
{
    private const string SecretPurpose = "webhook.secret";

    private const string Columns = """
        webhook_id, url, events, max_batch, secret_encrypted, former_secret_encrypted, former_until, enabled, disabled_reason, fed_through, failing_since, created_at
        """;

    public static Task<Webhook?> FindAsync(TenantTransaction transaction, Guid webhookId) => transaction.QueryFirstOrDefaultAsync<Webhook>(
        $"SELECT {Columns} FROM webhooks WHERE tenant_id = @TenantId AND webhook_id = @webhookId", new { transaction.TenantId, webhookId });

    public static Task<Webhook?> LockAsync(TenantTransaction transaction, Guid webhookId) => transaction.QueryFirstOrDefaultAsync<Webhook>(
        $"SELECT {Columns} FROM webhooks WHERE tenant_id = @TenantId AND webhook_id = @webhookId FOR UPDATE", new { transaction.TenantId, webhookId });

    public static Task<IReadOnlyList<Webhook>> ListAsync(TenantTransaction transaction, Guid? after, int limit) => transaction.QueryAsync<Webhook>(
        $"SELECT {Columns} FROM webhooks WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR webhook_id > @after) ORDER BY webhook_id LIMIT @limit",
        new { transaction.TenantId, after, limit });

    /// <summary>Those that the log has gone past, held until the commit; what another feeds just now is passed over.</summary>
    public static Task<IReadOnlyList<Webhook>> LockHungryAsync(TenantTransaction transaction, long last) => transaction.QueryAsync<Webhook>(
        $"SELECT {Columns} FROM webhooks WHERE tenant_id = @TenantId AND enabled AND fed_through < @last ORDER BY webhook_id FOR UPDATE SKIP LOCKED",
        new { transaction.TenantId, last });

    public static Task InsertAsync(TenantTransaction transaction, Webhook webhook) => transaction.ExecuteAsync("""
        INSERT INTO webhooks (tenant_id, webhook_id, url, events, max_batch, secret_encrypted, enabled, fed_through, created_at, updated_at)
        VALUES (@TenantId, @WebhookId, @Url, @Events, @MaxBatch, @SecretEncrypted, @Enabled, @FedThrough, @CreatedAt, @CreatedAt)
        """, new { transaction.TenantId, webhook.WebhookId, webhook.Url, webhook.Events, webhook.MaxBatch, webhook.SecretEncrypted, webhook.Enabled, webhook.FedThrough, webhook.CreatedAt });

    public static Task UpdateAsync(TenantTransaction transaction, Webhook webhook, Instant now) => transaction.ExecuteAsync("""
        UPDATE webhooks
        SET url = @Url, events = @Events, max_batch = @MaxBatch, secret_encrypted = @SecretEncrypted, former_secret_encrypted = @FormerSecretEncrypted,
            former_until = @FormerUntil, enabled = @Enabled, disabled_reason = @DisabledReason, failing_since = @FailingSince, updated_at = @now
        WHERE tenant_id = @TenantId AND webhook_id = @WebhookId
        """, new
    {
        transaction.TenantId,
        webhook.WebhookId,
        webhook.Url,
        webhook.Events,
        webhook.MaxBatch,
        webhook.SecretEncrypted,
        webhook.FormerSecretEncrypted,
        webhook.FormerUntil,
        webhook.Enabled,
        webhook.DisabledReason,
        webhook.FailingSince,
        now,
    });

    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid webhookId) => await transaction.ExecuteAsync(
        "DELETE FROM webhooks WHERE tenant_id = @TenantId AND webhook_id = @webhookId", new { transaction.TenantId, webhookId }) == 1;

    public static Task NoteFedAsync(TenantTransaction transaction, Guid webhookId, long through) => transaction.ExecuteAsync(
        "UPDATE webhooks SET fed_through = @through WHERE tenant_id = @TenantId AND webhook_id = @webhookId", new { transaction.TenantId, webhookId, through });

    /// <summary>Notes how calls went: any success ends a stretch of failures, and one that has lasted too long disables it, as does its own word.</summary>
    public static Task NoteOutcomeAsync(TenantTransaction transaction, Guid webhookId, bool anyTaken, string? gone, Instant now) => transaction.ExecuteAsync("""
        UPDATE webhooks
        SET failing_since = CASE WHEN @anyTaken THEN NULL ELSE coalesce(failing_since, @now) END,
            enabled = enabled AND @gone::text IS NULL AND (@anyTaken OR coalesce(failing_since, @now) > @limit),
            disabled_reason = CASE
                WHEN @gone::text IS NOT NULL THEN @gone
                WHEN NOT @anyTaken AND failing_since <= @limit THEN @tooLong
                ELSE disabled_reason END
        WHERE tenant_id = @TenantId AND webhook_id = @webhookId
        """, new
    {
        transaction.TenantId,
        webhookId,
        anyTaken,
        gone,
        now,
        limit = now - WebhookRetries.DisabledAfter,
        tooLong = $"Every call has failed for {WebhookRetries.DisabledAfter.Days} days. Mend the endpoint, then enable the webhook: what happened meanwhile is sent then.",
    });

    /// <summary>A new secret, as it is shown and as it is kept.</summary>
    public static (string Shown, byte[] Sealed) NewSecret(KeyRing keyRing, Guid tenantId, Guid webhookId)
    {
        var secret = RandomNumberGenerator.GetBytes(WebhookSignature.SecretBytes);
        return (WebhookSignature.Format(secret), SealedSecret.Seal(keyRing, tenantId, SecretPurpose, webhookId, secret));
    }

    /// <summary>The secrets that calls are signed with at this moment, the newest first.</summary>
    public static IReadOnlyList<byte[]> Secrets(KeyRing keyRing, Guid tenantId, Webhook webhook, Instant now) =>
    [
        .. SealedSecret.Counting(webhook.SecretEncrypted, webhook.FormerSecretEncrypted, webhook.FormerUntil, now)
            .Select(box => SealedSecret.Open(keyRing, tenantId, SecretPurpose, webhook.WebhookId, box)),
    ];
}
