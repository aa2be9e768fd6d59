using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>Writes and reads relays; nothing else does. A password lies sealed, and is opened only to speak to its relay.</summary>
internal static class RelayStore
{
    private const string PasswordPurpose = "relay.password";

    private const string Columns = """
        relay_id, name, host, port, tls, username, password_encrypted, region, weight, max_connections, max_per_second,
        max_messages_per_connection, warm_up, envelope_sender, envelope_email, root_certificates, headers AS headers_json, enabled,
        checked_at, check_ok, created_at, updated_at
        """;

    // Every relay is read with how it stands, and without a row of that nothing stands against it.
    private const string Select = $"""
        SELECT {Columns}, paused_reason, paused_at, {RelayStandingStore.RestingUntil} AS resting_until, {RelayStandingStore.Pace} AS pace
        FROM relays LEFT JOIN relay_standing USING (tenant_id, relay_id) WHERE tenant_id = @TenantId
        """;

    /// <summary>The relay without its password.</summary>
    public static Task<Relay?> FindAsync(TenantTransaction transaction, Guid relayId) =>
        transaction.QueryFirstOrDefaultAsync<Relay>(
            $"{Select} AND relay_id = @relayId", new { transaction.TenantId, relayId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<Relay?> LockAsync(TenantTransaction transaction, Guid relayId) =>
        transaction.QueryFirstOrDefaultAsync<Relay>(
            $"{Select} AND relay_id = @relayId FOR UPDATE OF relays", new { transaction.TenantId, relayId });

    /// <summary>The relay with its password.</summary>
    public static async Task<Relay?> FindOpenAsync(TenantTransaction transaction, KeyRing keyRing, Guid relayId) =>
        await FindAsync(transaction, relayId) is { } relay ? Open(relay, keyRing, transaction.TenantId) : null;

    /// <summary>All relays that are enabled and not paused, with their passwords, oldest first.</summary>
    public static Task<IReadOnlyList<Relay>> ListUnpausedAsync(TenantTransaction transaction, KeyRing keyRing, Instant now) =>
        ListOpenAsync(transaction, keyRing, "true", now);

    /// <summary>
    /// The relays that mail may go through now, with their passwords, oldest first: enabled, not paused, and not resting.
    /// </summary>
    public static Task<IReadOnlyList<Relay>> ListUsableAsync(TenantTransaction transaction, KeyRing keyRing, Instant now) =>
        ListOpenAsync(transaction, keyRing, $"{RelayStandingStore.RestingUntil} IS NULL", now);

    /// <summary>One whose password can't be opened is paused, as one whose login is refused: nothing goes through it without.</summary>
    private static async Task<IReadOnlyList<Relay>> ListOpenAsync(TenantTransaction transaction, KeyRing keyRing, string condition, Instant now)
    {
        List<Relay> open = [];
        foreach (var relay in await transaction.QueryAsync<Relay>(
            $"{Select} AND enabled AND paused_at IS NULL AND {condition} ORDER BY relay_id", new { transaction.TenantId }))
        {
            try
            {
                open.Add(Open(relay, keyRing, transaction.TenantId));
            }
            catch (SealedSecretException lost)
            {
                await RelayStandingStore.NotePausedAsync(transaction, relay, lost.Message, now);
            }
        }
        return open;
    }

    public static Task<IReadOnlyList<Relay>> ListAsync(TenantTransaction transaction, Guid? after, int limit) =>
        transaction.QueryAsync<Relay>(
            $"{Select} AND (@after::uuid IS NULL OR relay_id > @after) ORDER BY relay_id LIMIT @limit", new { transaction.TenantId, after, limit });

    /// <summary>The regions that relays are in.</summary>
    public static Task<IReadOnlyList<string>> ListRegionsAsync(TenantTransaction transaction) => transaction.QueryAsync<string>(
        "SELECT DISTINCT region FROM relays WHERE tenant_id = @TenantId AND region IS NOT NULL ORDER BY region", new { transaction.TenantId });

    /// <summary>What readiness asks of the relays.</summary>
    public static Task<RelayCount> CountAsync(TenantTransaction transaction) => transaction.QuerySingleAsync<RelayCount>("""
        SELECT count(*) AS "all", count(*) FILTER (WHERE enabled) AS enabled,
               count(*) FILTER (WHERE enabled AND checked_at IS NULL) AS never_checked,
               count(*) FILTER (WHERE enabled AND NOT check_ok) AS failed,
               count(*) FILTER (WHERE enabled AND paused_at IS NOT NULL) AS paused,
               (array_agg(name || ': ' || paused_reason ORDER BY paused_at) FILTER (WHERE enabled AND paused_at IS NOT NULL))[1] AS paused_why
        FROM relays LEFT JOIN relay_standing USING (tenant_id, relay_id) WHERE tenant_id = @TenantId
        """, new { transaction.TenantId });

    public static Task InsertAsync(TenantTransaction transaction, Relay relay) => transaction.ExecuteAsync("""
        INSERT INTO relays (tenant_id, relay_id, name, host, port, tls, username, password_encrypted, region, weight, max_connections,
            max_per_second, max_messages_per_connection, warm_up, envelope_sender, envelope_email, root_certificates, headers, enabled,
            created_at, updated_at)
        VALUES (@TenantId, @RelayId, @Name, @Host, @Port, @Tls, @Username, @PasswordEncrypted, @Region, @Weight, @MaxConnections,
            @MaxPerSecond, @MaxMessagesPerConnection, @WarmUp, @EnvelopeSender, @EnvelopeEmail, @RootCertificates, @HeadersJson::jsonb, @Enabled,
            @CreatedAt, @UpdatedAt)
        """, Row(transaction, relay));

    public static Task UpdateAsync(TenantTransaction transaction, Relay relay) => transaction.ExecuteAsync("""
        UPDATE relays
        SET name = @Name, host = @Host, port = @Port, tls = @Tls, username = @Username, password_encrypted = @PasswordEncrypted,
            region = @Region, weight = @Weight, max_connections = @MaxConnections, max_per_second = @MaxPerSecond,
            max_messages_per_connection = @MaxMessagesPerConnection, warm_up = @WarmUp, envelope_sender = @EnvelopeSender,
            envelope_email = @EnvelopeEmail, root_certificates = @RootCertificates, headers = @HeadersJson::jsonb, enabled = @Enabled,
            checked_at = @CheckedAt, check_ok = @CheckOk, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND relay_id = @RelayId
        """, Row(transaction, relay));

    /// <summary>Notes a check; not if the relay was changed while it ran (false).</summary>
    public static async Task<bool> NoteCheckAsync(TenantTransaction transaction, Relay relay, bool ok, Instant now) => await transaction.ExecuteAsync("""
        UPDATE relays SET checked_at = @now, check_ok = @ok
        WHERE tenant_id = @TenantId AND relay_id = @RelayId AND updated_at = @UpdatedAt
        """, new { transaction.TenantId, relay.RelayId, relay.UpdatedAt, now, ok }) == 1;

    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid relayId) => await transaction.ExecuteAsync(
        "DELETE FROM relays WHERE tenant_id = @TenantId AND relay_id = @relayId", new { transaction.TenantId, relayId }) == 1;

    public static byte[] Seal(KeyRing keyRing, Guid tenantId, Guid relayId, string password) => SealedSecret.Seal(keyRing, tenantId, PasswordPurpose, relayId, password);

    private static Relay Open(Relay relay, KeyRing keyRing, Guid tenantId) => relay.PasswordEncrypted is { } box
        ? relay with { Password = SealedSecret.OpenText(keyRing, tenantId, PasswordPurpose, relay.RelayId, box) }
        : relay;

    private static object Row(TenantTransaction transaction, Relay r) => new
    {
        transaction.TenantId,
        r.RelayId,
        r.Name,
        r.Host,
        r.Port,
        r.Tls,
        r.Username,
        r.PasswordEncrypted,
        r.Region,
        r.Weight,
        r.MaxConnections,
        r.MaxPerSecond,
        r.MaxMessagesPerConnection,
        r.WarmUp,
        r.EnvelopeSender,
        r.EnvelopeEmail,
        r.RootCertificates,
        r.HeadersJson,
        r.Enabled,
        r.CheckedAt,
        r.CheckOk,
        r.CreatedAt,
        r.UpdatedAt,
    };
}

/// <summary>How a tenant's relays stand; all but the first are of those enabled.</summary>
internal sealed record RelayCount
{
    public long All { get; init; }
    public long Enabled { get; init; }
    public long NeverChecked { get; init; }
    public long Failed { get; init; }
    public long Paused { get; init; }

    /// <summary>Name and reason of the one that has been paused for longest, or null.</summary>
    public string? PausedWhy { get; init; }
}
