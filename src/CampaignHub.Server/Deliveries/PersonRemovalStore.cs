using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>The ledger's side of removing a person: the past stays counted, without their address.</summary>
internal static class PersonRemovalStore
{
    /// <summary>
    /// Ends whatever isn't on the wire and drops the address from all of the person's deliveries; the hash of the address
    /// stays, so that a campaign still has one delivery an address. What was once uncertain is held, since acceptance
    /// can't be ruled out. One that is being sent just now settles as it goes.
    /// </summary>
    public static async Task RemoveAsync(TenantTransaction transaction, Guid recipientId, Instant now)
    {
        await EndAsync(transaction, recipientId, DeliveryTransition.Hold, onceUncertain: true, now);
        await EndAsync(transaction, recipientId, DeliveryTransition.Cancel, onceUncertain: false, now);
        await transaction.ExecuteAsync("""
            UPDATE deliveries SET email = NULL WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND email IS NOT NULL
            """, new { transaction.TenantId, recipientId });
    }

    private static Task<int> EndAsync(TenantTransaction transaction, Guid recipientId, DeliveryTransition transition, bool onceUncertain, Instant now) =>
        transaction.ExecuteAsync("""
            UPDATE deliveries
            SET state = @to, reason = 'recipient_deleted', lease_token = NULL, lease_until = NULL, node_id = NULL, updated_at = @now
            WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND state = ANY (@from) AND state <> 'sending'
              AND (resends > 0 OR state = 'uncertain') = @onceUncertain
            """, new
        {
            transaction.TenantId,
            recipientId,
            onceUncertain,
            now,
            to = transition.ToWord(),
            from = transition.FromWords(),
        });
}
