using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>
/// The ledger's side of work: claims under a lease, heartbeats, and what becomes of leases that ran out. A lease is one
/// row for all that was claimed together and bears its ids; a delivery is written only when it comes back.
/// </summary>
/// <remarks>
/// An unfinished delivery is in exactly one of three places: beyond the position of its zone, under a lease, or come back
/// with <c>not_before</c>. <c>is_held</c> in SQL says whether a lease holds it.
/// </remarks>
internal static class LeaseStore
{
    /// <summary>
    /// Claims what is due of a campaign. Of mail domains of which enough is claimed already come only those that nobody
    /// has claimed yet: give them back.
    /// </summary>
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
            claimable = DeliveryTransition.Claim.FromWords(),
        });

    /// <summary>Keeps a lease alive; false where it is gone: somebody has sorted it out.</summary>
    public static async Task<bool> HeartbeatAsync(TenantTransaction transaction, Lease lease) => await transaction.ExecuteAsync("""
        UPDATE leases SET until = clock_timestamp() + make_interval(secs => @Seconds) WHERE tenant_id = @TenantId AND token = @Token
        """, new { transaction.TenantId, lease.Token, lease.Seconds }) == 1;

    /// <summary>Gives back deliveries that were claimed under the lease and not begun, each with when it may be claimed again.</summary>
    public static Task ReleaseAsync(TenantTransaction transaction, Lease lease, IReadOnlyCollection<(Guid DeliveryId, Instant NotBefore)> given) =>
        given.Count == 0 ? Task.CompletedTask : transaction.ExecuteAsync("""
            UPDATE deliveries d SET not_before = g.not_before
            FROM unnest(@deliveryIds, @notBefores) AS g (delivery_id, not_before)
            WHERE d.tenant_id = @TenantId AND d.delivery_id = ANY (@deliveryIds) AND d.delivery_id = g.delivery_id AND d.state = ANY (@release)
              AND is_held(d.state, d.not_before, d.lease_token, @Token)
            """, new
        {
            transaction.TenantId,
            deliveryIds = given.Select(g => g.DeliveryId).ToArray(),
            notBefores = given.Select(g => g.NotBefore).ToArray(),
            lease.Token,
            release = DeliveryTransition.Release.FromWords(),
        });

    /// <summary>Has nobody more of these zones claimed before their quiet hours end.</summary>
    public static Task RestZonesAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyCollection<(int ZoneNumber, Instant NotBefore)> zones) =>
        zones.Count == 0 ? Task.CompletedTask : transaction.ExecuteAsync("""
            UPDATE claim_positions p SET not_before = z.not_before
            FROM unnest(@zoneNumbers, @notBefores) AS z (zone_number, not_before)
            WHERE p.tenant_id = @TenantId AND p.campaign_id = @campaignId AND p.zone_number = z.zone_number AND NOT p.exhausted
            """, new
        {
            transaction.TenantId,
            campaignId,
            zoneNumbers = zones.Select(z => z.ZoneNumber).ToArray(),
            notBefores = zones.Select(z => z.NotBefore).ToArray(),
        });

    /// <summary>Ends a lease under which nothing is claimed any more: whoever can't tell lets it run out.</summary>
    public static Task EndAsync(TenantTransaction transaction, Lease lease) => transaction.ExecuteAsync(
        "DELETE FROM leases WHERE tenant_id = @TenantId AND token = @Token", new { transaction.TenantId, lease.Token });

    /// <summary>
    /// Sorts out leases that ran out; or, where a node was started again (give its id then), those that it held, and nobody else's, however
    /// late they are: others may hold results that they couldn't store. What was not begun has come back, what was marked `sending` is
    /// uncertain. The token stays, by which a late answer is known.
    /// Rows that somebody is writing just now are left for the next time, and their lease with them: a worker that sleeps
    /// may hold them for long.
    /// </summary>
    public static Task SortOutAsync(TenantTransaction transaction, Guid? restartedNode, Instant now) => transaction.ExecuteAsync("""
        WITH stranded AS (
            SELECT token, delivery_ids FROM leases
            WHERE tenant_id = @TenantId AND CASE WHEN @restartedNode::uuid IS NULL THEN until < clock_timestamp() ELSE node_id = @restartedNode END
            FOR UPDATE SKIP LOCKED
        ), borne AS (
            SELECT token, delivery_id FROM stranded, unnest(delivery_ids) AS delivery_id
        ), free AS (
            SELECT d.delivery_id, b.token FROM borne b
            JOIN deliveries d ON d.tenant_id = @TenantId AND d.delivery_id = b.delivery_id
            FOR UPDATE OF d SKIP LOCKED
        ), returned AS (
            UPDATE deliveries d SET state = CASE WHEN d.state = ANY (@lost) THEN @uncertain ELSE d.state END, not_before = @now, updated_at = @now
            FROM free f
            WHERE d.tenant_id = @TenantId AND d.delivery_id = f.delivery_id AND d.state = ANY (@lost || @release)
              AND is_held(d.state, d.not_before, d.lease_token, f.token)
        )
        DELETE FROM leases l USING stranded s
        WHERE l.tenant_id = @TenantId AND l.token = s.token
          AND NOT EXISTS (SELECT FROM borne b WHERE b.token = s.token AND b.delivery_id NOT IN (SELECT delivery_id FROM free))
        """, new
    {
        transaction.TenantId,
        restartedNode,
        now,
        release = DeliveryTransition.Release.FromWords(),
        lost = DeliveryTransition.Lose.FromWords(),
        uncertain = DeliveryTransition.Lose.ToWord(),
    });

    /// <summary>
    /// What the campaign decided for the uncertain: once more (`resend`, the first time), or held. What becomes uncertain between the two
    /// statements is left for the next time.
    /// </summary>
    public static async Task ResolveUncertainAsync(TenantTransaction transaction, Instant now)
    {
        await transaction.ExecuteAsync("""
            UPDATE deliveries d SET state = @to, resends = d.resends + 1, not_before = @now, updated_at = @now
            FROM campaigns c
            WHERE d.tenant_id = @TenantId AND d.notable_state = 'uncertain' AND d.state = ANY (@from) AND d.resends = 0
              AND c.tenant_id = d.tenant_id AND c.campaign_id = d.campaign_id AND c.when_uncertain = 'resend'
            """, new { transaction.TenantId, now, to = DeliveryTransition.Resend.ToWord(), from = DeliveryTransition.Resend.FromWords() });
        await transaction.ExecuteAsync("""
            UPDATE deliveries d SET state = @to, reason = 'uncertain', not_before = NULL, updated_at = @now
            FROM campaigns c
            WHERE d.tenant_id = @TenantId AND d.notable_state = 'uncertain' AND c.tenant_id = d.tenant_id AND c.campaign_id = d.campaign_id
              AND NOT (d.resends = 0 AND c.when_uncertain = 'resend')
            """, new { transaction.TenantId, now, to = DeliveryTransition.Hold.ToWord() });
    }

    /// <summary>
    /// Of a ledger that was restored: holds what was claimed, on the wire or uncertain when it was kept, and answers how
    /// many. Most of that has been sent since.
    /// </summary>
    public static async Task<int> HoldClaimedAsync(TenantTransaction transaction, Instant now)
    {
        var hold = new { transaction.TenantId, now, to = DeliveryTransition.Hold.ToWord(), from = DeliveryTransition.Hold.FromWords() };
        var held = await transaction.ExecuteAsync("""
            UPDATE deliveries d SET state = @to, reason = 'restored', updated_at = @now
            FROM leases l, unnest(l.delivery_ids) AS borne (delivery_id)
            WHERE l.tenant_id = @TenantId AND d.tenant_id = @TenantId AND d.delivery_id = borne.delivery_id AND d.state = ANY (@from)
              AND is_held(d.state, d.not_before, d.lease_token, l.token)
            """, hold);
        held += await transaction.ExecuteAsync("""
            UPDATE deliveries SET state = @to, reason = 'restored', not_before = NULL, updated_at = @now
            WHERE tenant_id = @TenantId AND state = ANY (@from) AND state IN ('sending', 'uncertain')
            """, hold);
        await transaction.ExecuteAsync("DELETE FROM leases WHERE tenant_id = @TenantId", new { transaction.TenantId });
        return held;
    }

    /// <summary>
    /// Has deliveries come back that no place knows: nobody would claim them, and their campaign would never finish. There are
    /// none unless the service is at fault, so they are looked for only where a campaign has nothing else left.
    /// </summary>
    public static Task<int> RecoverStraysAsync(TenantTransaction transaction, Guid campaignId, Instant now) => transaction.ExecuteAsync("""
        UPDATE deliveries SET state = CASE WHEN state = ANY (@lost) THEN @uncertain ELSE state END, not_before = @now
        WHERE (SELECT nothing_left(@TenantId, @campaignId))
          AND tenant_id = @TenantId AND campaign_id = @campaignId AND state = ANY (@lost || @release) AND not_before IS NULL
        """, new
    {
        transaction.TenantId,
        campaignId,
        now,
        release = DeliveryTransition.Release.FromWords(),
        lost = DeliveryTransition.Lose.FromWords(),
        uncertain = DeliveryTransition.Lose.ToWord(),
    });
}
