using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>Writes and reads which network judged hits came from, for as long as that is kept; nothing else does.</summary>
internal static class HitNetworkStore
{
    /// <summary>
    /// Keeps where hits came from that are being judged: clicks for some minutes, opens only where the tenant keeps networks for days. None of who
    /// isn't tracked, or is gone.
    /// </summary>
    public static async Task KeepAsync(TenantTransaction transaction, IReadOnlyCollection<StoredHit> hits)
    {
        StoredHit[] known = [.. hits.Where(hit => hit is { Network: not null, IsAnonymous: false })];
        if (known.Length > 0)
            await transaction.ExecuteAsync("""
                INSERT INTO hit_networks (tenant_id, hit_id, network, received_at, delivery_id, mail_domain)
                SELECT @TenantId, h.hit_id, h.network, h.received_at, h.delivery_id, CASE WHEN h.is_click THEN d.mail_domain END
                FROM unnest(@ats, @ids, @networks, @deliveries, @areClicks) AS h (received_at, hit_id, network, delivery_id, is_click)
                CROSS JOIN LATERAL (
                    SELECT mail_domain, email FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = h.delivery_id LIMIT 1) AS d
                WHERE d.email IS NOT NULL AND (h.is_click OR (SELECT ip_retention_days > 0 FROM tenants WHERE tenant_id = @TenantId))
                ON CONFLICT DO NOTHING
                """, new
            {
                transaction.TenantId,
                ats = Array.ConvertAll(known, h => h.ReceivedAt),
                ids = Array.ConvertAll(known, h => h.HitId),
                networks = Array.ConvertAll(known, h => h.Network!),
                deliveries = Array.ConvertAll(known, h => h.DeliveryId),
                areClicks = Array.ConvertAll(known, h => h.Kind == HitKind.Click),
            });
    }

    /// <summary>These clicks, as far as it is known where they came from, with those near each in time, from the same network and of the same mail domain; in order of time.</summary>
    public static Task<IReadOnlyList<NetworkNeighbour>> NearAsync(TenantTransaction transaction, StoredHit[] clicks) => transaction.QueryAsync<NetworkNeighbour>(
        SqlFiles.Read("NearClicks"), new { transaction.TenantId, ids = Array.ConvertAll(clicks, c => c.HitId), window = NetworkBurst.Window.TotalSeconds });

    /// <summary>Forgets where hits of these deliveries came from.</summary>
    public static Task ForgetAsync(TenantTransaction transaction, Guid[] deliveries) => transaction.ExecuteAsync("""
        DELETE FROM hit_networks n USING hits h
        WHERE h.tenant_id = @TenantId AND h.delivery_id = ANY (@deliveries)
          AND n.tenant_id = @TenantId AND n.hit_id = h.hit_id
        """, new { transaction.TenantId, deliveries });

    /// <summary>Forgets a batch of those that are no longer kept, and what was noted with its last; true if there may be more.</summary>
    public static async Task<bool> ForgetOldAsync(TenantTransaction transaction, int most)
    {
        // Values and no sub-selects, which row-level security lets into no index condition; and by age alone, so that no plan tries each row for each id.
        var since = await transaction.QuerySingleAsync<Instant>(
            "SELECT keeps_networks_since(ip_retention_days) FROM tenants WHERE tenant_id = @TenantId", new { transaction.TenantId });
        var until = await transaction.QueryFirstOrDefaultAsync<Instant?>("""
            SELECT noted_at FROM (
                SELECT noted_at FROM hit_networks WHERE tenant_id = @TenantId AND noted_at < @since ORDER BY noted_at LIMIT @most) AS oldest
            ORDER BY noted_at DESC LIMIT 1
            """, new { transaction.TenantId, since, most });
        return until is not null && await transaction.ExecuteAsync(
            "DELETE FROM hit_networks WHERE tenant_id = @TenantId AND noted_at <= @until", new { transaction.TenantId, until }) >= most;
    }
}

/// <summary>A click of which it is known what network it came from.</summary>
internal sealed record NetworkNeighbour
{
    public byte[] Network { get; init; } = [];
    public string MailDomain { get; init; } = "";
    public Instant ReceivedAt { get; init; }
    public Guid HitId { get; init; }
    public Guid DeliveryId { get; init; }
}
