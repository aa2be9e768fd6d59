using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Writes and reads storefronts; nothing else does. Their secrets lie sealed.</summary>
internal static class StorefrontStore
{
    private const string SecretPurpose = "storefront.secret";
    private const string TokenPurpose = "storefront.access_token";

    private const string Columns = """
        s.storefront_id, s.kind, s.name, s.domain, s.list_id, s.time_zone, s.secret_encrypted, s.former_secret_encrypted, s.former_until,
        s.access_token_encrypted, s.uninstalled_at, s.processed, s.ignored, s.failed, s.last_received_at, s.last_fault, s.last_fault_at, s.created_at, s.updated_at
        """;

    private const string Select = $"""
        SELECT {Columns},
            (SELECT count(*) FROM storefront_messages m
             WHERE m.tenant_id = @TenantId AND m.storefront_id = s.storefront_id AND m.state = 'pending') AS pending
        FROM storefronts s WHERE s.tenant_id = @TenantId
        """;

    public static Task<Storefront?> FindAsync(TenantTransaction transaction, Guid storefrontId) =>
        transaction.QueryFirstOrDefaultAsync<Storefront>($"{Select} AND s.storefront_id = @storefrontId", new { transaction.TenantId, storefrontId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<Storefront?> LockAsync(TenantTransaction transaction, Guid storefrontId) =>
        transaction.QueryFirstOrDefaultAsync<Storefront>($"{Select} AND s.storefront_id = @storefrontId FOR NO KEY UPDATE OF s", new { transaction.TenantId, storefrontId });

    /// <summary>Waits for the turns of all of the tenant's shops, and keeps them until the commit: nothing that they posted is worked off meanwhile.</summary>
    public static Task LockAllAsync(TenantTransaction transaction) => transaction.ExecuteAsync(
        "SELECT FROM storefronts WHERE tenant_id = @TenantId ORDER BY storefront_id FOR NO KEY UPDATE", new { transaction.TenantId });

    /// <summary>Takes the turn to work its messages off, until the commit; null where another has it. What waits isn't counted.</summary>
    public static Task<Storefront?> TryLockAsync(TenantTransaction transaction, Guid storefrontId) => transaction.QueryFirstOrDefaultAsync<Storefront>($"""
        SELECT {Columns} FROM storefronts s WHERE s.tenant_id = @TenantId AND s.storefront_id = @storefrontId FOR NO KEY UPDATE OF s SKIP LOCKED
        """, new { transaction.TenantId, storefrontId });

    public static Task<IReadOnlyList<Storefront>> ListAsync(TenantTransaction transaction, Guid? after, int limit) => transaction.QueryAsync<Storefront>(
        $"{Select} AND (@after::uuid IS NULL OR s.storefront_id > @after) ORDER BY s.storefront_id LIMIT @limit", new { transaction.TenantId, after, limit });

    public static Task InsertAsync(TenantTransaction transaction, Storefront storefront) => transaction.ExecuteAsync("""
        INSERT INTO storefronts (tenant_id, storefront_id, kind, name, domain, list_id, time_zone, secret_encrypted, access_token_encrypted, created_at, updated_at)
        VALUES (@TenantId, @StorefrontId, @Kind, @Name, @Domain, @ListId, @TimeZone, @SecretEncrypted, @AccessTokenEncrypted, @CreatedAt, @UpdatedAt)
        """, Row(transaction, storefront));

    public static Task UpdateAsync(TenantTransaction transaction, Storefront storefront) => transaction.ExecuteAsync("""
        UPDATE storefronts
        SET name = @Name, domain = @Domain, list_id = @ListId, time_zone = @TimeZone, secret_encrypted = @SecretEncrypted,
            former_secret_encrypted = @FormerSecretEncrypted, former_until = @FormerUntil,
            access_token_encrypted = @AccessTokenEncrypted, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND storefront_id = @StorefrontId
        """, Row(transaction, storefront));

    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid storefrontId) => await transaction.ExecuteAsync(
        "DELETE FROM storefronts WHERE tenant_id = @TenantId AND storefront_id = @storefrontId", new { transaction.TenantId, storefrontId }) == 1;

    /// <summary>What the shop says of itself. A zone that it doesn't tell stays.</summary>
    public static Task NoteShopAsync(TenantTransaction transaction, Guid storefrontId, string? timeZone, Instant? uninstalledAt) => transaction.ExecuteAsync("""
        UPDATE storefronts SET time_zone = coalesce(@timeZone, time_zone), uninstalled_at = coalesce(uninstalled_at, @uninstalledAt)
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId
        """, new { transaction.TenantId, storefrontId, timeZone, uninstalledAt });

    /// <summary>Counts messages that are over, one way or another; of those that failed the last one's fault is shown.</summary>
    public static Task CountAsync(TenantTransaction transaction, Guid storefrontId, IReadOnlyCollection<FinishedMessage> finished, Instant now) => transaction.ExecuteAsync("""
        UPDATE storefronts
        SET processed = processed + @processed, ignored = ignored + @ignored, failed = failed + @failed,
            last_received_at = greatest(last_received_at, @receivedAt),
            last_fault = CASE WHEN @failed > 0 THEN @fault ELSE last_fault END,
            last_fault_at = CASE WHEN @failed > 0 THEN @now ELSE last_fault_at END
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId
        """, new
    {
        transaction.TenantId,
        storefrontId,
        processed = finished.Count(f => f.Outcome.State == ShopOutcome.Processed.State),
        ignored = finished.Count(f => f.Outcome.State == ShopOutcome.Ignored.State),
        failed = finished.Count(f => f.Outcome.Fault is not null),
        receivedAt = finished.Max(f => f.Message.ReceivedAt),
        fault = finished.LastOrDefault(f => f.Outcome.Fault is not null)?.Outcome.Fault,
        now,
    });

    public static byte[] Seal(KeyRing ring, Guid tenantId, Guid storefrontId, string secret) => SealedSecret.Seal(ring, tenantId, SecretPurpose, storefrontId, secret);

    public static byte[] Open(KeyRing ring, Guid tenantId, Guid storefrontId, byte[] box) => SealedSecret.Open(ring, tenantId, SecretPurpose, storefrontId, box);

    public static byte[] SealToken(KeyRing ring, Guid tenantId, Guid storefrontId, string token) => SealedSecret.Seal(ring, tenantId, TokenPurpose, storefrontId, token);

    public static string OpenToken(KeyRing ring, Guid tenantId, Storefront storefront) =>
        SealedSecret.OpenText(ring, tenantId, TokenPurpose, storefront.StorefrontId, storefront.AccessTokenEncrypted);

    private static object Row(TenantTransaction transaction, Storefront s) => new
    {
        transaction.TenantId,
        s.StorefrontId,
        s.Kind,
        s.Name,
        s.Domain,
        s.ListId,
        s.TimeZone,
        s.SecretEncrypted,
        s.FormerSecretEncrypted,
        s.FormerUntil,
        s.AccessTokenEncrypted,
        s.CreatedAt,
        s.UpdatedAt,
    };
}
