using System.ComponentModel.DataAnnotations;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tenancy;

/// <summary>Writes and reads tenants and their API keys; nothing else does.</summary>
internal static class TenantStore
{
    private const string Select = "SELECT tenant_id AS id, name, time_zone, status, retention_days, ip_retention_days, created_at FROM tenants";

    public static Task InsertAsync(TenantTransaction transaction, Tenant tenant) => transaction.ExecuteAsync("""
        INSERT INTO tenants (tenant_id, name, time_zone, status, created_at)
        VALUES (@Id, @Name, @TimeZone, @Status, @CreatedAt)
        """, tenant);

    public static Task<Tenant?> FindAsync(TenantTransaction transaction, Guid tenantId) => transaction.QueryFirstOrDefaultAsync<Tenant>(
        $"{Select} WHERE tenant_id = @tenantId", new { tenantId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<Tenant?> LockAsync(TenantTransaction transaction, Guid tenantId) => transaction.QueryFirstOrDefaultAsync<Tenant>(
        $"{Select} WHERE tenant_id = @tenantId FOR NO KEY UPDATE", new { tenantId });

    public static Task<IReadOnlyList<Tenant>> ListAsync(TenantTransaction transaction, Guid[] tenantIds) => transaction.QueryAsync<Tenant>(
        $"{Select} WHERE tenant_id = ANY (@tenantIds) ORDER BY tenant_id", new { tenantIds });

    public static Task UpdateAsync(TenantTransaction transaction, Tenant tenant) => transaction.ExecuteAsync("""
        UPDATE tenants SET name = @Name, time_zone = @TimeZone, status = @Status, retention_days = @RetentionDays, ip_retention_days = @IpRetentionDays
        WHERE tenant_id = @Id
        """, tenant);

    public static Task InsertKeyAsync(TenantTransaction transaction, Guid tenantId, ApiKey key, byte[] hash) => transaction.ExecuteAsync("""
        INSERT INTO api_keys (tenant_id, api_key_id, name, prefix, key_hash, scopes, created_at)
        VALUES (@tenantId, @Id, @Name, @Prefix, @hash, @Scopes, @CreatedAt)
        """, new { tenantId, key.Id, key.Name, key.Prefix, hash, key.Scopes, key.CreatedAt });

    public static Task<IReadOnlyList<ApiKey>> ListKeysAsync(TenantTransaction transaction, Guid? after, int limit) => transaction.QueryAsync<ApiKey>("""
        SELECT api_key_id AS id, name, prefix, scopes, created_at, last_used_at
        FROM api_keys
        WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR api_key_id > @after)
        ORDER BY api_key_id LIMIT @limit
        """, new { transaction.TenantId, after, limit });

    public static async Task<bool> DeleteKeyAsync(TenantTransaction transaction, Guid id) => await transaction.ExecuteAsync("""
        DELETE FROM api_keys WHERE tenant_id = @TenantId AND api_key_id = @id
        """, new { transaction.TenantId, id }) == 1;
}

/// <summary>One customer of the service; owns everything else and sees nothing of any other.</summary>
public record Tenant
{
    /// <summary>The tenant's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people: 1 to 200 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>IANA time zone: the fallback where neither recipient nor campaign has one.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary><c>active</c>, or <c>suspended</c>: its keys answer 403 and nothing of it is sent.</summary>
    [AllowedValues("active", "suspended")]
    public string Status { get; init; } = "active";

    /// <summary>Days for which its events and hits are kept besides today (UTC), 30 to 36,500; null: for as long as the operator keeps all.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Days, 0 to 30, for which it is kept which network (a keyed hash, of one day) an open or click came from; 0: not beyond the minutes in which clicks are judged.</summary>
    public int IpRetentionDays { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }
}

/// <summary>An API key of a tenant, without the key itself: of that only a SHA-256 is kept.</summary>
public record ApiKey
{
    /// <summary>The key's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people: 1 to 200 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>How the key begins, to tell keys apart.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What the key may do.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last used, true to the minute; null if never.</summary>
    public Instant? LastUsedAt { get; init; }
}
