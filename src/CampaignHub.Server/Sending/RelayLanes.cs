using System.Collections.Concurrent;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Sending;

/// <summary>The lanes of this process, one for each relay in use.</summary>
internal sealed partial class RelayLanes(DeliveryAttempt attempt, RelayRest rest, ILogger<RelayLanes> log)
{
    /// <summary>So many of one mail domain may be claimed and wait in a lane; a slow one must not fill it.</summary>
    private const int CrowdedAt = 100;

    private readonly ConcurrentDictionary<Guid, RelayLane> _lanes = new();

    /// <summary>Puts it into the lane of the relay that it goes through; where all rest, it is given back with its batch.</summary>
    public void Enqueue(QueuedDelivery queued)
    {
        if (Choose(queued) is { } relay)
            LaneOf(relay).Add(queued, relay);
        else
            queued.Done();
    }

    /// <summary>Mail domains that wait in all of these relays' lanes in such numbers that no more of them need be claimed.</summary>
    public IReadOnlyCollection<string> CrowdedDomains(IReadOnlyList<Relay> relays)
    {
        var crowded = relays.Select(r => _lanes.TryGetValue(r.RelayId, out var lane) ? lane.SlowDomains(CrowdedAt) : []).ToList();
        return crowded.Skip(1).Aggregate(new HashSet<string>(crowded[0]), (all, more) => { all.IntersectWith(more); return all; });
    }

    private RelayLane LaneOf(Relay relay) => _lanes.GetOrAdd(relay.RelayId, _ => new RelayLane(RunAsync));

    private async Task RunAsync(QueuedDelivery queued, Relay relay)
    {
        try
        {
            if (!queued.Batch.GoesOn)
                queued.Done();
            else if (!rest.MayTry(relay.RelayId))
                Enqueue(queued);
            else
                await attempt.RunAsync(queued, relay);
        }
        catch (Exception fault)
        {
            // Nothing else that a relay or the database does comes here. Its lease tells what becomes of it.
            LogFault(fault, queued.Delivery.DeliveryId);
            queued.Done();
        }
    }

    /// <summary>A relay by weight among those awake; the same one for the same delivery as long as they are the same.</summary>
    private Relay? Choose(QueuedDelivery queued)
    {
        var awake = queued.Batch.Relays.Where(r => !rest.IsResting(r.RelayId)).ToList();
        if (awake.Count == 0)
            return null;
        var turn = (uint)queued.Delivery.DeliveryId.GetHashCode() % (uint)awake.Sum(r => r.Weight);
        foreach (var relay in awake)
        {
            if (turn < relay.Weight)
                return relay;
            turn -= (uint)relay.Weight;
        }
        return awake[^1];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The attempt at delivery {DeliveryId} failed")]
    private partial void LogFault(Exception fault, Guid deliveryId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
