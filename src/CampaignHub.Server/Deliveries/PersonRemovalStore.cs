using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>The ledger's side of removing a person: the past stays counted, without their address.</summary>
internal static class PersonRemovalStore
{
    private const string LockKey = "hashtextextended('removals ' || @TenantId, 0)";

    /// <summary>
    /// Before a person is removed: waits for the ends of plans. A plan's rows come from a snapshot of the audience and are
    /// not seen before its commit, so either the removal finds them, or the plan finds that the person is gone.
    /// </summary>
    public static Task WaitForPlansAsync(TenantTransaction transaction) =>
        transaction.ExecuteAsync($"SELECT pg_advisory_xact_lock_shared({LockKey})", new { transaction.TenantId });

    /// <summary>The end of a plan: removes those who were deleted while it was computed, and lets nobody be until its commit.</summary>
    /// <param name="transaction">Holds the audience snapshot, of which PostgreSQL knows the size: of the ledger's new rows it doesn't, and would look people up one by one.</param>
    /// <param name="now">The moment of planning.</param>
    public static async Task RemoveDeletedAsync(TenantTransaction transaction, Instant now)
    {
        await transaction.ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey})", new { transaction.TenantId });
        var deleted = await transaction.QueryAsync<Guid>("""
            SELECT a.recipient_id FROM campaign_audience a
            WHERE a.verdict = 'included' AND NOT EXISTS (
                SELECT 1 FROM recipients r WHERE r.tenant_id = @TenantId AND r.recipient_id = a.recipient_id)
            """, new { transaction.TenantId });
        if (deleted.Count > 0)
            await RemoveAsync(transaction, [.. deleted], now);
    }

    /// <summary>
    /// Ends whatever isn't on the wire and drops the address from all of the people's deliveries, and from what relays answered; the hash of the address
    /// stays, so that a campaign still has one delivery an address. What was once uncertain is held, since acceptance
    /// can't be ruled out. One that is being sent just now settles as it goes.
    /// </summary>
    public static async Task RemoveAsync(TenantTransaction transaction, Guid[] recipientIds, Instant now)
    {
        await EndAsync(transaction, recipientIds, DeliveryTransition.Hold, onceUncertain: true, now);
        await EndAsync(transaction, recipientIds, DeliveryTransition.Cancel, onceUncertain: false, now);
        await transaction.ExecuteAsync("""
            UPDATE deliveries SET email = NULL, smtp_reply = regexp_replace(smtp_reply, '[^[:space:]<>"]+@[^[:space:]<>"]+', '…', 'g')
            WHERE tenant_id = @TenantId AND recipient_id = ANY (@recipientIds) AND email IS NOT NULL
            """, new { transaction.TenantId, recipientIds });
    }

    /// <summary>What was mailed to these people.</summary>
    public static async Task<Guid[]> DeliveriesOfAsync(TenantTransaction transaction, Guid[] recipientIds) => [.. await transaction.QueryAsync<Guid>(
        "SELECT delivery_id FROM deliveries WHERE tenant_id = @TenantId AND recipient_id = ANY (@recipientIds)", new { transaction.TenantId, recipientIds })];

    /// <summary>Those of these deliveries whose person is gone.</summary>
    public static async Task<IReadOnlySet<Guid>> RemovedAsync(TenantTransaction transaction, Guid[] deliveries) => (await transaction.QueryAsync<Guid>(
        "SELECT delivery_id FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveries) AND email IS NULL",
        new { transaction.TenantId, deliveries })).ToHashSet();

    private static Task<int> EndAsync(TenantTransaction transaction, Guid[] recipientIds, DeliveryTransition transition, bool onceUncertain, Instant now) =>
        transaction.ExecuteAsync("""
            UPDATE deliveries
            SET state = @to, reason = 'recipient_deleted', not_before = NULL, updated_at = @now
            WHERE tenant_id = @TenantId AND recipient_id = ANY (@recipientIds) AND state = ANY (@from) AND state <> 'sending'
              AND (resends > 0 OR state = 'uncertain') = @onceUncertain
            """, new
        {
            transaction.TenantId,
            recipientIds,
            onceUncertain,
            now,
            to = transition.ToWord(),
            from = transition.FromWords(),
        });
}
