using System.Collections.Concurrent;
using CampaignHub.Core.Relays;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>What the deliveries of a batch are sent with.</summary>
/// <param name="Campaign">Its content, prepared.</param>
/// <param name="Signer">Signs its messages; null where the sender's domain isn't verified.</param>
/// <param name="Relays">Those that were usable when it was claimed.</param>
/// <param name="Unpaused">The ids of all that could be used then or after a rest.</param>
/// <param name="Regions">Which of them is near whom.</param>
/// <param name="WarmUp">How many messages those in warm-up may take.</param>
/// <param name="Cap">How often a person may be mailed; null: no cap.</param>
/// <param name="Senders">What envelope senders are made from.</param>
/// <param name="TrackingKey">The tenant's key for tokens.</param>
/// <param name="PublicUrl">Base of the links in mail.</param>
internal sealed record SendingMeans(
    LaunchedCampaign Campaign, DkimSigner? Signer, IReadOnlyList<Relay> Relays, IReadOnlyCollection<Guid> Unpaused, RelayRegions Regions, WarmUpAllowance WarmUp, FrequencyCap? Cap,
    EnvelopeSenders Senders, byte[] TrackingKey, string PublicUrl)
{
    /// <summary>The relays that may take one more of it now.</summary>
    public IEnumerable<Relay> Awake(RelayRest rest) => Relays.Where(relay => !rest.IsResting(relay.RelayId) && WarmUp.Has(relay.RelayId));

    public static byte[] KeyOf(KeyRing ring, Guid tenantId) => ring.Derive(tenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes);
}

/// <summary>Deliveries of one campaign that were claimed together, with all that sending them needs, and how many are still to do.</summary>
internal sealed class DeliveryBatch(SendingMeans means, LeaseHold hold, IReadOnlyList<ClaimedDelivery> deliveries)
{
    private readonly TaskCompletionSource _nearlyDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<(Guid DeliveryId, Instant? NotBefore)> _notBegun = [];
    private int _left = deliveries.Count;
    private volatile bool _stopped;
    private volatile bool _abandoned;

    public SendingMeans Means => means;

    public LaunchedCampaign Campaign => means.Campaign;

    public Guid TenantId => means.Campaign.TenantId;

    public LeaseHold Hold => hold;

    public IReadOnlyList<ClaimedDelivery> Deliveries => deliveries;

    /// <summary>False once nothing more of it may be begun: the campaign no longer sends, the service stops, or the lease is lost.</summary>
    public bool GoesOn => !_stopped && hold.IsHeld;

    /// <summary>Half of it is done, or a relay could take more than it gives: time to claim the next.</summary>
    public Task NearlyDone => _nearlyDone.Task;

    /// <summary>Every delivery of it has been dealt with, and what came of it is stored.</summary>
    public Task Done => _done.Task;

    /// <summary>What was claimed and not begun, and until when it may not; null: it may at once.</summary>
    public IReadOnlyCollection<(Guid DeliveryId, Instant? NotBefore)> NotBegun => _notBegun;

    /// <summary>What became of some delivery of it couldn't be stored: its lease is left to run out, and sorts that out.</summary>
    public bool IsAbandoned => _abandoned;

    /// <summary>What waits of it is all of mail domains that take long, and connections are free meanwhile.</summary>
    public void Starves() => _nearlyDone.TrySetResult();

    /// <summary>Lets nothing more of it begin; what isn't begun is given back.</summary>
    public void Stop() => _stopped = true;

    public void DoneWith(ClaimedDelivery delivery, DoneWith how, Instant? notBefore)
    {
        if (how == Sending.DoneWith.NotBegun)
            _notBegun.Add((delivery.DeliveryId, notBefore));
        _abandoned |= how == Sending.DoneWith.Abandoned;
        var left = Interlocked.Decrement(ref _left);
        if (left <= deliveries.Count / 2)
            _nearlyDone.TrySetResult();
        if (left == 0)
            _done.TrySetResult();
    }

    public DeliveryLinks LinksOf(ClaimedDelivery delivery) =>
        new(means.PublicUrl, means.TrackingKey, TenantId, Campaign.CampaignId, delivery.DeliveryId);
}

/// <summary>How a process is done with a delivery that it claimed.</summary>
internal enum DoneWith
{
    /// <summary>How it ended is stored, by this process or, where a person was deleted or a lease sorted out, by somebody else.</summary>
    Settled,

    /// <summary>It goes back as it was.</summary>
    NotBegun,

    /// <summary>Nothing is known to be stored: its lease tells.</summary>
    Abandoned,
}

/// <summary>One delivery of a batch on its way through a lane.</summary>
internal sealed record QueuedDelivery(DeliveryBatch Batch, ClaimedDelivery Delivery)
{
    private Guid? _relayId;
    private int _done;

    /// <summary>Goes through this relay now, where that may take one more today.</summary>
    public bool TryRoute(Guid relayId)
    {
        Unroute();
        if (!Batch.Means.WarmUp.TryTake(relayId))
            return false;
        _relayId = relayId;
        return true;
    }

    /// <summary>Goes no longer through the relay that it was to go through.</summary>
    public void Unroute()
    {
        if (_relayId is { } before)
            Batch.Means.WarmUp.Return(before);
        _relayId = null;
    }

    /// <summary>It is handed over: from here on it counts as that relay's message.</summary>
    public void Begun() => _relayId = null;

    /// <summary>This process needs it no longer. The first word counts.</summary>
    /// <param name="how">What became of it.</param>
    /// <param name="notBefore">Where it goes back: when it may be claimed again; null: at once.</param>
    public void Done(DoneWith how, Instant? notBefore = null)
    {
        if (Interlocked.Exchange(ref _done, 1) != 0)
            return;
        Unroute();
        Batch.DoneWith(Delivery, how, notBefore);
    }
}
