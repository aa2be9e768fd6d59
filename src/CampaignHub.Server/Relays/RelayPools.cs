using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>
/// One pool of connections for each relay of this process. A relay that was changed gets a new one; the old closes as
/// its connections come back. Ask before each message: a pool kept for longer may have been replaced.
/// </summary>
public sealed class RelayPools(OutboundGuard guard) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (Instant Version, SmtpPool Pool)> _pools = [];

    internal SmtpPool Of(Relay relay)
    {
        lock (_gate)
        {
            var known = _pools.TryGetValue(relay.RelayId, out var entry);
            // Somebody may still hold the relay as it was before the change.
            if (known && entry.Version >= relay.UpdatedAt)
                return entry.Pool;
            var pool = new SmtpPool(relay.Settings, guard);
            _pools[relay.RelayId] = (relay.UpdatedAt, pool);
            if (known)
                _ = entry.Pool.DisposeAsync().AsTask(); // ends by itself: each goodbye has its own limit
            return pool;
        }
    }

    /// <summary>Closes the pool of a relay that is gone.</summary>
    internal async ValueTask CloseAsync(Guid relayId)
    {
        SmtpPool? pool;
        lock (_gate)
            pool = _pools.Remove(relayId, out var entry) ? entry.Pool : null;
        if (pool is not null)
            await pool.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        SmtpPool[] open;
        lock (_gate)
        {
            open = [.. _pools.Values.Select(entry => entry.Pool)];
            _pools.Clear();
        }
        await Task.WhenAll(open.Select(pool => pool.DisposeAsync().AsTask()));
    }
}
