using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Writes and reads feeds; nothing else does. Their secrets lie sealed.</summary>
internal static class ProviderFeedStore
{
    private const string SecretPurpose = "provider_feed.secret";

    private const string Select = """
        SELECT feed_id, kind, name, topic_arn, secret_encrypted, former_secret_encrypted, former_until, matched, unmatched, received_at,
               confirm_url, confirmed_at, problem, created_at, updated_at
        FROM provider_feeds WHERE tenant_id = @TenantId
        """;

    public static Task<ProviderFeed?> FindAsync(TenantTransaction transaction, Guid feedId) =>
        transaction.QueryFirstOrDefaultAsync<ProviderFeed>($"{Select} AND feed_id = @feedId", new { transaction.TenantId, feedId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<ProviderFeed?> LockAsync(TenantTransaction transaction, Guid feedId) =>
        transaction.QueryFirstOrDefaultAsync<ProviderFeed>($"{Select} AND feed_id = @feedId FOR UPDATE", new { transaction.TenantId, feedId });

    public static Task<IReadOnlyList<ProviderFeed>> ListAsync(TenantTransaction transaction, Guid? after, int limit) => transaction.QueryAsync<ProviderFeed>(
        $"{Select} AND (@after::uuid IS NULL OR feed_id > @after) ORDER BY feed_id LIMIT @limit", new { transaction.TenantId, after, limit });

    public static Task InsertAsync(TenantTransaction transaction, ProviderFeed feed) => transaction.ExecuteAsync("""
        INSERT INTO provider_feeds (tenant_id, feed_id, kind, name, topic_arn, secret_encrypted, created_at, updated_at)
        VALUES (@TenantId, @FeedId, @Kind, @Name, @TopicArn, @SecretEncrypted, @CreatedAt, @UpdatedAt)
        """, new { transaction.TenantId, feed.FeedId, feed.Kind, feed.Name, feed.TopicArn, feed.SecretEncrypted, feed.CreatedAt, feed.UpdatedAt });

    /// <summary>Writes what people set.</summary>
    public static Task UpdateAsync(TenantTransaction transaction, ProviderFeed feed) => transaction.ExecuteAsync("""
        UPDATE provider_feeds
        SET name = @Name, topic_arn = @TopicArn, secret_encrypted = @SecretEncrypted, former_secret_encrypted = @FormerSecretEncrypted,
            former_until = @FormerUntil, confirm_url = @ConfirmUrl, confirmed_at = @ConfirmedAt, problem = @Problem, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND feed_id = @FeedId
        """, new
    {
        transaction.TenantId,
        feed.FeedId,
        feed.Name,
        feed.TopicArn,
        feed.SecretEncrypted,
        feed.FormerSecretEncrypted,
        feed.FormerUntil,
        feed.ConfirmUrl,
        feed.ConfirmedAt,
        feed.Problem,
        feed.UpdatedAt,
    });

    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid feedId) => await transaction.ExecuteAsync(
        "DELETE FROM provider_feeds WHERE tenant_id = @TenantId AND feed_id = @feedId", new { transaction.TenantId, feedId }) == 1;

    /// <summary>Keeps <c>received_at</c> true to the minute, so that a busy feed isn't written at every post.</summary>
    public static Task NoteReceivedAsync(TenantTransaction transaction, Guid feedId, Instant now) => transaction.ExecuteAsync("""
        UPDATE provider_feeds SET received_at = @now
        WHERE tenant_id = @TenantId AND feed_id = @feedId AND (received_at IS NULL OR received_at < @now - interval '1 minute')
        """, new { transaction.TenantId, feedId, now });

    public static Task CountAsync(TenantTransaction transaction, Guid feedId, int matched, int unmatched) => transaction.ExecuteAsync("""
        UPDATE provider_feeds SET matched = matched + @matched, unmatched = unmatched + @unmatched WHERE tenant_id = @TenantId AND feed_id = @feedId
        """, new { transaction.TenantId, feedId, matched, unmatched });

    /// <summary>Has a subscription confirmed, at once.</summary>
    public static Task AskToConfirmAsync(TenantTransaction transaction, Guid feedId, string url) => transaction.ExecuteAsync("""
        UPDATE provider_feeds SET confirm_url = @url, confirm_at = clock_timestamp(), confirm_failures = 0
        WHERE tenant_id = @TenantId AND feed_id = @feedId
        """, new { transaction.TenantId, feedId, url });

    /// <summary>Takes the turn to confirm for five minutes; null where it isn't due or another node was faster.</summary>
    public static Task<string?> ClaimConfirmationAsync(TenantTransaction transaction, Guid feedId) => transaction.QueryFirstOrDefaultAsync<string>("""
        UPDATE provider_feeds SET confirm_at = clock_timestamp() + interval '5 minutes'
        WHERE tenant_id = @TenantId AND feed_id = @feedId AND confirm_url IS NOT NULL AND confirm_at <= clock_timestamp()
        RETURNING confirm_url
        """, new { transaction.TenantId, feedId });

    public static Task NoteConfirmedAsync(TenantTransaction transaction, Guid feedId, string url, Instant now) => transaction.ExecuteAsync("""
        UPDATE provider_feeds SET confirm_url = NULL, confirm_failures = 0, confirmed_at = @now, problem = NULL
        WHERE tenant_id = @TenantId AND feed_id = @feedId AND confirm_url = @url
        """, new { transaction.TenantId, feedId, url, now });

    /// <summary>Called again after a minute, then twice as long each time up to an hour; given up after three days, when SNS takes it no more.</summary>
    public static Task NoteProblemAsync(TenantTransaction transaction, Guid feedId, string url, string problem) => transaction.ExecuteAsync("""
        UPDATE provider_feeds
        SET problem = @problem, confirm_failures = confirm_failures + 1, confirm_url = CASE WHEN confirm_failures < 75 THEN confirm_url END,
            confirm_at = clock_timestamp() + least(60, 2 ^ least(confirm_failures, 6)) * interval '1 minute'
        WHERE tenant_id = @TenantId AND feed_id = @feedId AND confirm_url = @url
        """, new { transaction.TenantId, feedId, url, problem });

    public static byte[] Seal(KeyRing ring, Guid tenantId, Guid feedId, string secret) => SealedSecret.Seal(ring, tenantId, SecretPurpose, feedId, secret);

    /// <summary>The secrets that count at this moment, the newest first; of SES none.</summary>
    public static IReadOnlyList<string> Secrets(KeyRing ring, Guid tenantId, ProviderFeed feed, Instant now) =>
    [
        .. SealedSecret.Counting(feed.SecretEncrypted, feed.FormerSecretEncrypted, feed.FormerUntil, now)
            .Select(box => SealedSecret.OpenText(ring, tenantId, SecretPurpose, feed.FeedId, box)),
    ];
}
