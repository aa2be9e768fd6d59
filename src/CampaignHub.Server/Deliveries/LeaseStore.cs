using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>
/// The ledger's side of work: claims under a lease, heartbeats, and what becomes of leases that ran out. A lease is one
/// row for all that was claimed together; the deliveries bear its token.
/// </summary>
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

    /// <summary>Keeps a lease alive; false where it is gone: somebody has sorted it out.</summary>
    public static async Task<bool> HeartbeatAsync(TenantTransaction transaction, Lease lease) => await transaction.ExecuteAsync("""
        UPDATE leases SET until = clock_timestamp() + make_interval(secs => @Seconds) WHERE tenant_id = @TenantId AND token = @Token
        """, new { transaction.TenantId, lease.Token, lease.Seconds }) == 1;

    /// <summary>Gives back deliveries that were claimed under the lease and not begun.</summary>
    public static Task ReleaseAsync(TenantTransaction transaction, Lease lease, IReadOnlyCollection<Guid> deliveryIds, Instant now) =>
        deliveryIds.Count == 0 ? Task.CompletedTask : transaction.ExecuteAsync("""
            UPDATE deliveries SET state = @to, updated_at = @now
            WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveryIds) AND lease_token = @Token AND state = ANY (@from)
            """, new
        {
            transaction.TenantId,
            deliveryIds = deliveryIds.ToArray(),
            lease.Token,
            now,
            to = DeliveryTransition.Release.ToWord(),
            from = DeliveryTransition.Release.FromWords(),
        });

    /// <summary>Ends a lease under which nothing is claimed any more: whoever can't tell lets it run out.</summary>
    public static Task EndAsync(TenantTransaction transaction, Lease lease) => transaction.ExecuteAsync(
        "DELETE FROM leases WHERE tenant_id = @TenantId AND token = @Token", new { transaction.TenantId, lease.Token });

    /// <summary>
    /// Sorts out leases that ran out, or that this node held before it was started again (give its id then): what was not
    /// begun is scheduled again, what was marked `sending` is uncertain. The token stays, by which a late answer is known.
    /// Rows that somebody is writing just now are left for the next time: a worker that sleeps may hold them for long.
    /// </summary>
    public static async Task SortOutAsync(TenantTransaction transaction, Guid? restartedNode, Instant now)
    {
        var stranded = await transaction.QueryAsync<(Guid Token, Guid CampaignId)>("""
            SELECT token, campaign_id FROM leases
            WHERE tenant_id = @TenantId AND (until < clock_timestamp() OR node_id = @restartedNode) FOR UPDATE SKIP LOCKED
            """, new { transaction.TenantId, restartedNode });
        if (stranded.Count == 0)
            return;
        var leases = new
        {
            transaction.TenantId,
            tokens = stranded.Select(l => l.Token).ToArray(),
            campaigns = stranded.Select(l => l.CampaignId).Distinct().ToArray(),
        };
        foreach (var transition in (DeliveryTransition[])[DeliveryTransition.Release, DeliveryTransition.Lose])
            await transaction.ExecuteAsync(Strand, new
            {
                leases.TenantId,
                leases.tokens,
                leases.campaigns,
                now,
                to = transition.ToWord(),
                from = transition.FromWords(),
            });
        await transaction.ExecuteAsync(End, leases);
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
    public static async Task<int> HoldClaimedAsync(TenantTransaction transaction, Instant now)
    {
        await transaction.ExecuteAsync("DELETE FROM leases WHERE tenant_id = @TenantId", new { transaction.TenantId });
        return await transaction.ExecuteAsync("""
            UPDATE deliveries SET state = @to, reason = 'restored', updated_at = @now
            WHERE tenant_id = @TenantId AND state = ANY (@from) AND state IN ('leased', 'sending', 'uncertain')
            """, new { transaction.TenantId, now, to = DeliveryTransition.Hold.ToWord(), from = DeliveryTransition.Hold.FromWords() });
    }

    // By campaign: the index of what is unfinished begins with it.
    private const string Strand = """
        WITH stranded AS (
            SELECT delivery_id FROM deliveries
            WHERE tenant_id = @TenantId AND campaign_id = ANY (@campaigns) AND lease_token = ANY (@tokens)
              AND state = ANY (@from) AND state IN ('leased', 'sending')
            FOR UPDATE SKIP LOCKED
        )
        UPDATE deliveries d SET state = @to, updated_at = @now
        FROM stranded WHERE d.tenant_id = @TenantId AND d.delivery_id = stranded.delivery_id
        """;

    private const string End = """
        DELETE FROM leases l
        WHERE l.tenant_id = @TenantId AND l.token = ANY (@tokens) AND NOT EXISTS (
            SELECT FROM deliveries d
            WHERE d.tenant_id = @TenantId AND d.campaign_id = l.campaign_id AND d.lease_token = l.token AND d.state IN ('leased', 'sending'))
        """;
}
