using System.Collections.Concurrent;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>
/// The instant up to which everything that was received is in the roll-ups. What was true of it stays true, so it is looked
/// for twice a second for all who ask, and not for each: while hits come in, that reads more than the report does.
/// </summary>
internal sealed class FoldedThrough(IClock clock)
{
    private const long KeptMilliseconds = 500;

    private readonly ConcurrentDictionary<Guid, (Instant AsOf, long ReadAt)> _known = new();

    /// <summary>Reads it. Ask before the counters are read.</summary>
    public async Task<Instant> ReadAsync(TenantTransaction transaction)
    {
        if (_known.TryGetValue(transaction.TenantId, out var known) && Environment.TickCount64 - known.ReadAt < KeptMilliseconds)
            return known.AsOf;
        var asOf = await RollupStore.AsOfAsync(transaction, clock.GetCurrentInstant());
        _known[transaction.TenantId] = (asOf, Environment.TickCount64);
        return asOf;
    }
}
