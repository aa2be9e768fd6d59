using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Sending;

/// <summary>Deliveries of one campaign that were claimed together, with all that sending them needs, and how many are still to do.</summary>
internal sealed class DeliveryBatch(
    LaunchedCampaign campaign, LeaseHold hold, IReadOnlyList<ClaimedDelivery> deliveries, IReadOnlyList<Relay> relays, byte[] trackingKey, string publicUrl)
{
    private readonly TaskCompletionSource _nearlyDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = deliveries.Count;
    private volatile bool _stopped;

    public LaunchedCampaign Campaign => campaign;

    public Guid TenantId => campaign.TenantId;

    public LeaseHold Hold => hold;

    public IReadOnlyList<ClaimedDelivery> Deliveries => deliveries;

    /// <summary>Those that were enabled and awake when it was claimed.</summary>
    public IReadOnlyList<Relay> Relays => relays;

    /// <summary>False once nothing more of it may be begun: the campaign no longer sends, the service stops, or the lease is lost.</summary>
    public bool GoesOn => !_stopped && hold.IsHeld;

    /// <summary>Half of it is done: time to claim the next.</summary>
    public Task NearlyDone => _nearlyDone.Task;

    /// <summary>Every delivery of it has been dealt with, and what came of it is stored.</summary>
    public Task Done => _done.Task;

    /// <summary>Lets nothing more of it begin; what isn't begun is given back.</summary>
    public void Stop() => _stopped = true;

    /// <summary>One of its deliveries needs this process no longer.</summary>
    public void DoneWithOne()
    {
        var left = Interlocked.Decrement(ref _left);
        if (left <= deliveries.Count / 2)
            _nearlyDone.TrySetResult();
        if (left == 0)
            _done.TrySetResult();
    }

    public DeliveryLinks LinksOf(ClaimedDelivery delivery) =>
        new(publicUrl, trackingKey, TenantId, campaign.CampaignId, delivery.DeliveryId);

    public static byte[] KeyOf(KeyRing ring, Guid tenantId) => ring.Derive(tenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes);
}

/// <summary>One delivery of a batch on its way through a lane.</summary>
internal sealed record QueuedDelivery(DeliveryBatch Batch, ClaimedDelivery Delivery)
{
    private int _done;

    /// <summary>This process needs it no longer: it has ended, or goes back with its batch. Once is enough.</summary>
    public void Done()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
            Batch.DoneWithOne();
    }
}
