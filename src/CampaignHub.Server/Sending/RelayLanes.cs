using System.Collections.Concurrent;
using CampaignHub.Core.Relays;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>The lanes of this process, one for each relay in use.</summary>
internal sealed partial class RelayLanes
{
    /// <summary>So many of one mail domain may be claimed and wait in a lane; a slow one must not fill it.</summary>
    private const int CrowdedAt = 100;

    private readonly ConcurrentDictionary<Guid, RelayLane> _lanes = new();
    private readonly DeliveryAttempt _attempt;
    private readonly AttemptOutcomes _outcomes;
    private readonly RelayRest _rest;
    private readonly RelayShares _shares;

    // The generator needs a field of this name.
    private readonly ILogger log;

    public RelayLanes(DeliveryAttempt attempt, AttemptOutcomes outcomes, RelayRest rest, RelayShares shares, ILogger<RelayLanes> log)
    {
        (_attempt, _outcomes, _rest, _shares, this.log) = (attempt, outcomes, rest, shares, log);
        shares.LookedAgain += LookAgain;
    }

    /// <summary>Puts it into the lane of the relay that it goes through; where all rest, or its own does, it is given back with its batch.</summary>
    public void Enqueue(QueuedDelivery queued)
    {
        queued.Unroute();
        var (relay, waitUntil) = Choose(queued);
        while (relay is not null && !queued.TryRoute(relay.RelayId))
            (relay, waitUntil) = Choose(queued); // others were quicker to take its last message of today
        if (relay is null)
            queued.Done(DoneWith.NotBegun, waitUntil);
        else
            LaneOf(relay).Add(queued, relay);
    }

    /// <summary>Mail domains that wait in all of these relays' lanes in such numbers that no more of them need be claimed.</summary>
    public IReadOnlyCollection<string> CrowdedDomains(IReadOnlyList<Relay> relays)
    {
        var crowded = relays.Select(r => _lanes.TryGetValue(r.RelayId, out var lane) ? lane.SlowDomains(CrowdedAt) : []).ToList();
        return crowded.Skip(1).Aggregate(new HashSet<string>(crowded[0]), (all, more) => { all.IntersectWith(more); return all; });
    }

    /// <summary>What waits for a relay that is out goes through another, or is given back.</summary>
    private void LookAgain()
    {
        foreach (var (relayId, lane) in _lanes)
        {
            lane.LookAgain();
            if (!_shares.IsOut(relayId))
                continue;
            foreach (var queued in lane.Clear())
                Enqueue(queued);
        }
    }

    private RelayLane LaneOf(Relay relay) => _lanes.GetOrAdd(relay.RelayId, _ => new RelayLane(RunAsync, _shares.ConnectionsOf));

    private async Task RunAsync(QueuedDelivery queued, Relay relay)
    {
        try
        {
            if (!queued.Batch.GoesOn)
                queued.Done(DoneWith.NotBegun);
            else if (!_rest.MayTry(relay.RelayId))
                Enqueue(queued);
            else
                await _attempt.RunAsync(queued, relay);
        }
        catch (Exception fault)
        {
            // Nothing else that a relay or the database does comes here. Its lease tells what becomes of it.
            LogFault(fault, queued.Delivery.DeliveryId);
            queued.Done(DoneWith.Abandoned);
        }
    }

    /// <summary>
    /// The nearest by region and weight among those awake that may take one more today. A resend goes through its own, whose headers are
    /// part of the bytes that it repeats, and waits while that may come back.
    /// </summary>
    private (Relay? Relay, Instant? WaitUntil) Choose(QueuedDelivery queued)
    {
        var (batch, delivery) = queued;
        var awake = batch.Means.Awake(_rest).Where(r => !_shares.IsOut(r.RelayId)).ToList();
        if (delivery is { OnceUncertain: true, RelayId: { } own } && awake.Count > 0)
        {
            if (awake.Find(r => r.RelayId == own) is { } before)
                return (before, null);
            if (batch.Means.Unpaused.Contains(own) && !_shares.IsOut(own) && _outcomes.NextThroughItsRelay(queued) is { } next)
                return (null, next);
        }
        if (awake.Count < 2)
            return (awake.FirstOrDefault(), null);
        var first = RelayChoice.Order(awake.Select(r => r.Candidate), batch.Means.Regions, delivery.Country, delivery.DeliveryId)[0];
        return (awake.Find(r => r.RelayId == first), null);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The attempt at delivery {DeliveryId} failed")]
    private partial void LogFault(Exception fault, Guid deliveryId);
}
