using System.Collections.Concurrent;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Relays that could not be reached rest for a while, ever longer up to a minute, so that a dead one isn't knocked at
/// once per message. Real time, per process.
/// </summary>
internal sealed class RelayRest
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, (long Until, TimeSpan Length)> _resting = new();

    public bool IsResting(Guid relayId) => _resting.TryGetValue(relayId, out var rest) && Environment.TickCount64 < rest.Until;

    public void Begin(Guid relayId) => _resting.AddOrUpdate(
        relayId, _ => Rest(First), (_, before) => Environment.TickCount64 < before.Until ? before : Rest(before.Length * 2));

    public void End(Guid relayId) => _resting.TryRemove(relayId, out _);

    private static (long, TimeSpan) Rest(TimeSpan length)
    {
        var bounded = length > Longest ? Longest : length;
        return (Environment.TickCount64 + (long)bounded.TotalMilliseconds, bounded);
    }
}
