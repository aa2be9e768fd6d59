using System.Collections.Concurrent;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>How many messages of a batch the relays in warm-up may take today. A relay that isn't in it takes any number.</summary>
/// <param name="taken">What was taken for the batch from the day's number, by relay.</param>
/// <param name="takenAt">When, in business time: of that day it was.</param>
internal sealed class WarmUpAllowance(IReadOnlyDictionary<Guid, int> taken, Instant takenAt)
{
    private readonly ConcurrentDictionary<Guid, int> _left = new(taken);

    public Instant TakenAt => takenAt;

    public bool Has(Guid relayId) => !_left.TryGetValue(relayId, out var left) || left > 0;

    /// <summary>One more through that relay; false where several asked for the last one at once, and this isn't it.</summary>
    public bool TryTake(Guid relayId)
    {
        while (_left.TryGetValue(relayId, out var left))
        {
            if (left <= 0)
                return false;
            if (_left.TryUpdate(relayId, left - 1, left))
                break;
        }
        return true;
    }

    /// <summary>It wasn't sent through that relay after all.</summary>
    public void Return(Guid relayId)
    {
        if (_left.ContainsKey(relayId))
            _left.AddOrUpdate(relayId, 1, (_, left) => left + 1);
    }

    /// <summary>What goes back to the day's number, in the order in which it was taken.</summary>
    public IEnumerable<(Guid RelayId, int Unused)> Unused => _left.Where(l => l.Value > 0).OrderBy(l => l.Key).Select(l => (l.Key, l.Value));
}
