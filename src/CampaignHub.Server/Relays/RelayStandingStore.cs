using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>
/// Writes what sending learns of a relay; nothing else does. Each call is one statement, so that many connections may
/// report the same fault at once: what they all saw counts once. All but a pause passes by itself, in real time.
/// </summary>
internal static class RelayStandingStore
{
    /// <summary>
    /// How fast a relay is used just now, as a part of its own pace: the slow factor until its time is over, and twice as
    /// fast with each minute from then on. Never asks for more than six doublings, which is all that the least factor needs.
    /// </summary>
    internal const string Pace = """
        coalesce(least(1, relay_standing.slow_factor * power(2::float8, least(6, greatest(0,
            extract(epoch FROM clock_timestamp() - relay_standing.slowed_until) / 60))::float8)), 1)
        """;

    /// <summary>Until when a relay rests, or null: its breaker is open, or its quota used up.</summary>
    internal const string RestingUntil = """
        CASE WHEN greatest(relay_standing.breaker_until, relay_standing.quota_until) > clock_timestamp()
            THEN greatest(relay_standing.breaker_until, relay_standing.quota_until) END
        """;

    /// <summary>
    /// Pauses a relay whose login or TLS failed. Not if it has been changed since it was read: that fault may be mended.
    /// </summary>
    /// <param name="transaction">Of the relay's tenant.</param>
    /// <param name="relay">As it was when it failed.</param>
    /// <param name="reason">A sentence for its owner, with the server's own words.</param>
    /// <param name="now">Business time.</param>
    /// <returns>True if it was not paused before: its owner is told then.</returns>
    public static async Task<bool> NotePausedAsync(TenantTransaction transaction, Relay relay, string reason, Instant now)
    {
        var isNew = await transaction.ExecuteAsync("""
            INSERT INTO relay_standing (tenant_id, relay_id, paused_reason, paused_at)
            SELECT tenant_id, relay_id, @reason, @now FROM relays
            WHERE tenant_id = @TenantId AND relay_id = @RelayId AND updated_at = @UpdatedAt
            ON CONFLICT (tenant_id, relay_id) DO UPDATE
            SET paused_reason = excluded.paused_reason, paused_at = excluded.paused_at
            WHERE relay_standing.paused_at IS NULL
            """, new { transaction.TenantId, relay.RelayId, relay.UpdatedAt, reason, now }) == 1;
        if (isNew)
            await EventLog.AppendAsync(transaction, [new Event(EventTypes.RelayPaused, now) { RelayId = relay.RelayId, Reason = reason }], now);
        return isNew;
    }

    /// <summary>
    /// Opens the breaker of a relay that could not be reached or sent us away: for 2 s, and twice as long each time in a
    /// row, up to 60 s. While it is open nothing is added.
    /// </summary>
    public static Task NoteFaultAsync(TenantTransaction transaction, Guid relayId) => transaction.ExecuteAsync("""
        INSERT INTO relay_standing (tenant_id, relay_id, failures, breaker_until)
        SELECT tenant_id, relay_id, 1, clock_timestamp() + interval '2 seconds' FROM relays
        WHERE tenant_id = @TenantId AND relay_id = @relayId
        ON CONFLICT (tenant_id, relay_id) DO UPDATE
        SET failures = relay_standing.failures + 1,
            breaker_until = clock_timestamp() + least(60, 2 ^ least(6, relay_standing.failures + 1)) * interval '1 second'
        WHERE relay_standing.breaker_until IS NULL OR relay_standing.breaker_until <= clock_timestamp()
        """, new { transaction.TenantId, relayId });

    /// <summary>
    /// Halves a relay's pace for five minutes, because it asked for less; down to a 64th. Not more than once in ten seconds,
    /// since the replies to what was under way come together.
    /// </summary>
    public static Task NoteSlowedAsync(TenantTransaction transaction, Guid relayId) => transaction.ExecuteAsync($"""
        INSERT INTO relay_standing (tenant_id, relay_id, slow_factor, slowed_until)
        SELECT tenant_id, relay_id, 0.5, clock_timestamp() + interval '5 minutes' FROM relays
        WHERE tenant_id = @TenantId AND relay_id = @relayId
        ON CONFLICT (tenant_id, relay_id) DO UPDATE
        SET slow_factor = greatest(1 / 64.0, {Pace} / 2), slowed_until = excluded.slowed_until
        WHERE relay_standing.slowed_until IS NULL OR relay_standing.slowed_until <= excluded.slowed_until - interval '10 seconds'
        """, new { transaction.TenantId, relayId });

    /// <summary>Lets a relay rest whose quota is used up, for so long in real time; a rest that ends later stays.</summary>
    public static Task NoteQuotaAsync(TenantTransaction transaction, Guid relayId, Duration rest) => transaction.ExecuteAsync("""
        INSERT INTO relay_standing (tenant_id, relay_id, quota_until)
        SELECT tenant_id, relay_id, clock_timestamp() + @seconds * interval '1 second' FROM relays
        WHERE tenant_id = @TenantId AND relay_id = @relayId
        ON CONFLICT (tenant_id, relay_id) DO UPDATE
        SET quota_until = greatest(relay_standing.quota_until, excluded.quota_until)
        """, new { transaction.TenantId, relayId, seconds = rest.TotalSeconds });

    /// <summary>
    /// These relays took a message: their breakers close and forget. Writes nothing where nothing stands. A pause stays,
    /// which a message under way says nothing about, and so do pace and quota.
    /// </summary>
    public static Task NoteGoodAsync(TenantTransaction transaction, Guid[] relayIds) => transaction.ExecuteAsync("""
        UPDATE relay_standing SET failures = 0, breaker_until = NULL
        WHERE tenant_id = @TenantId AND relay_id = ANY (@relayIds) AND failures > 0
        """, new { transaction.TenantId, relayIds });

    /// <summary>Somebody has mended or checked the relay: its pause and its breaker are lifted.</summary>
    public static Task LiftAsync(TenantTransaction transaction, Guid relayId) => transaction.ExecuteAsync("""
        UPDATE relay_standing SET paused_reason = NULL, paused_at = NULL, failures = 0, breaker_until = NULL
        WHERE tenant_id = @TenantId AND relay_id = @relayId AND (paused_at IS NOT NULL OR failures > 0)
        """, new { transaction.TenantId, relayId });
}
