using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>The ledger's side of work: claims under a lease, heartbeats, and what becomes of leases that ran out.</summary>
internal static class LeaseStore
{
    /// <summary>Claims what is due of a campaign, passing over mail domains of which enough is claimed already.</summary>
    public static Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        TenantTransaction transaction, Guid campaignId, Lease lease, int batch, IReadOnlyCollection<string> crowdedDomains, Instant now) =>
        transaction.QueryAsync<ClaimedDelivery>(SqlFiles.Read("ClaimDeliveries"), new
        {
            transaction.TenantId,
            campaignId,
            lease.Token,
            lease.NodeId,
            batch,
            crowdedDomains = crowdedDomains.ToArray(),
            now,
            leaseSeconds = lease.Seconds,
            from = DeliveryTransition.Claim.FromWords(),
        });

    /// <summary>Keeps the leases of this token alive.</summary>
    public static Task HeartbeatAsync(TenantTransaction transaction, Guid campaignId, Lease lease) => transaction.ExecuteAsync("""
        UPDATE deliveries SET lease_until = clock_timestamp() + make_interval(secs => @Seconds)
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND lease_token = @Token AND state IN ('leased', 'sending')
        """, new { transaction.TenantId, campaignId, lease.Token, lease.Seconds });

    /// <summary>Gives back what this token claimed and didn't begin.</summary>
    public static Task ReleaseAsync(TenantTransaction transaction, Guid campaignId, Lease lease, Instant now) => transaction.ExecuteAsync("""
        UPDATE deliveries SET state = @to, updated_at = @now
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND lease_token = @Token AND state = ANY (@from)
        """, new
    {
        transaction.TenantId,
        campaignId,
        lease.Token,
        now,
        to = DeliveryTransition.Release.ToWord(),
        from = DeliveryTransition.Release.FromWords(),
    });

    /// <summary>
    /// Sorts out leases that ran out, or that this node held before it was started again (give its id then): what was not
    /// begun is scheduled again, what was marked `sending` is uncertain. The token stays, by which a late answer is known.
    /// Rows that somebody is writing just now are left for the next time: a worker that sleeps may hold them for long.
    /// </summary>
    public static async Task SortOutAsync(TenantTransaction transaction, Guid? restartedNode, Instant now)
    {
        foreach (var transition in (DeliveryTransition[])[DeliveryTransition.Release, DeliveryTransition.Lose])
            await transaction.ExecuteAsync("""
                WITH stranded AS (
                    SELECT delivery_id FROM deliveries
                    WHERE tenant_id = @TenantId AND state = ANY (@from) AND state IN ('leased', 'sending')
                      AND (lease_until < clock_timestamp() OR node_id = @restartedNode)
                    FOR UPDATE SKIP LOCKED
                )
                UPDATE deliveries d SET state = @to, updated_at = @now
                FROM stranded WHERE d.tenant_id = @TenantId AND d.delivery_id = stranded.delivery_id
                """, new
            {
                transaction.TenantId,
                restartedNode,
                now,
                to = transition.ToWord(),
                from = transition.FromWords(),
            });
    }

    /// <summary>
    /// What the campaign decided for the uncertain: once more (`resend`, the first time), or held.
    /// </summary>
    public static async Task ResolveUncertainAsync(TenantTransaction transaction, Instant now)
    {
        await transaction.ExecuteAsync("""
            UPDATE deliveries d SET state = @to, resends = d.resends + 1, updated_at = @now
            FROM campaigns c
            WHERE d.tenant_id = @TenantId AND d.state = ANY (@from) AND d.resends = 0
              AND c.tenant_id = d.tenant_id AND c.campaign_id = d.campaign_id AND c.when_uncertain = 'resend'
            """, new { transaction.TenantId, now, to = DeliveryTransition.Resend.ToWord(), from = DeliveryTransition.Resend.FromWords() });
        await transaction.ExecuteAsync("""
            UPDATE deliveries SET state = @to, reason = 'uncertain', updated_at = @now
            WHERE tenant_id = @TenantId AND state = 'uncertain'
            """, new { transaction.TenantId, now, to = DeliveryTransition.Hold.ToWord() });
    }

    /// <summary>
    /// Of a ledger that was restored: holds what was claimed, on the wire or uncertain when it was kept, and answers how
    /// many. Most of that has been sent since.
    /// </summary>
    public static Task<int> HoldClaimedAsync(TenantTransaction transaction, Instant now) => transaction.ExecuteAsync("""
        UPDATE deliveries SET state = @to, reason = 'restored', updated_at = @now
        WHERE tenant_id = @TenantId AND state = ANY (@from) AND state IN ('leased', 'sending', 'uncertain')
        """, new { transaction.TenantId, now, to = DeliveryTransition.Hold.ToWord(), from = DeliveryTransition.Hold.FromWords() });
}
