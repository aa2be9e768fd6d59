using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>Counts the messages of relays in warm-up, by days of business time in UTC, over all nodes.</summary>
internal static class RelayDayStore
{
    /// <summary>
    /// Takes as many of the wanted messages as the relay's warm-up leaves for today, in one statement: nodes that ask at
    /// once never get more together. All of them where the relay has no warm-up, or is past it.
    /// </summary>
    /// <returns>How many may be sent now; 0: none before the next day.</returns>
    public static async Task<int> TakeAsync(TenantTransaction transaction, Guid relayId, int wanted, Instant now) =>
        (int)await transaction.QuerySingleAsync<long>("""
            WITH today AS (
                SELECT tenant_id, relay_id,
                       -- The n-th day since the first; another node's clock may be a day behind.
                       warm_up[greatest(1, 1 + @day - coalesce((SELECT min(day) FROM relay_days d
                           WHERE d.tenant_id = r.tenant_id AND d.relay_id = r.relay_id), @day))] AS most
                FROM relays r WHERE tenant_id = @TenantId AND relay_id = @relayId
            ), taken AS (
                INSERT INTO relay_days AS d (tenant_id, relay_id, day, taken, granted)
                SELECT tenant_id, relay_id, @day, least(@wanted, most), least(@wanted, most) FROM today WHERE most IS NOT NULL
                ON CONFLICT (tenant_id, relay_id, day) DO UPDATE
                SET granted = least(@wanted, (SELECT most FROM today) - d.taken), taken = d.taken + least(@wanted, (SELECT most FROM today) - d.taken)
                WHERE d.taken < (SELECT most FROM today)
                RETURNING granted
            )
            SELECT CASE WHEN (SELECT most FROM today) IS NULL THEN @wanted ELSE coalesce((SELECT granted FROM taken), 0) END
            """, new { transaction.TenantId, relayId, wanted = (long)wanted, day = now.InUtc().Date });

    /// <summary>Gives back what was taken at an instant and not sent.</summary>
    public static Task GiveBackAsync(TenantTransaction transaction, Guid relayId, int unused, Instant takenAt) => transaction.ExecuteAsync("""
        UPDATE relay_days SET taken = greatest(0, taken - @unused)
        WHERE tenant_id = @TenantId AND relay_id = @relayId AND day = @day
        """, new { transaction.TenantId, relayId, unused, day = takenAt.InUtc().Date });

    /// <summary>Forgets a relay's days: a warm-up that it is given later begins with its first day.</summary>
    public static Task ForgetAsync(TenantTransaction transaction, Guid relayId) => transaction.ExecuteAsync(
        "DELETE FROM relay_days WHERE tenant_id = @TenantId AND relay_id = @relayId", new { transaction.TenantId, relayId });
}
