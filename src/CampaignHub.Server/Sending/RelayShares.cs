using System.Collections.Concurrent;
using System.Diagnostics;
using CampaignHub.Core.Relays;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Sending;

/// <summary>
/// This node's part of the limits of the relays that it uses: it says every few seconds that it uses them, and learns how
/// many others do. While it can't say so, it has no part.
/// </summary>
internal sealed class RelayShares(
    Database database, RelayPools pools, Node node, WorkSignal signal, WorkerHealth health, ILogger<RelayShares> log) : WorkLoop(signal, health, log)
{
    private static readonly TimeSpan BeatAfter = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Part> _parts = new();

    /// <summary>Shares may have changed, or time has passed: whoever waits for one looks again.</summary>
    public event Action? LookedAgain;

    protected override TimeSpan LookEvery => TimeSpan.FromSeconds(2);

    /// <summary>How many connections to the relay this node may have now.</summary>
    public int ConnectionsOf(Relay relay)
    {
        if (_parts.TryGetValue(relay.RelayId, out var part))
            part.UsedAt = Stopwatch.GetTimestamp();
        return ShareOf(relay).Connections;
    }

    /// <summary>Since it was claimed for, somebody has disabled, deleted or paused it.</summary>
    public bool IsOut(Guid relayId) => _parts.TryGetValue(relayId, out var part) && part.IsCurrent && part.Presence.IsOut;

    /// <summary>Learns this node's part of the relay and sets the pool to it; false where it has none now.</summary>
    public async Task<bool> UseAsync(TenantTransaction transaction, Relay relay)
    {
        var known = _parts.TryGetValue(relay.RelayId, out var part) && part.IsCurrent && part.Presence is { Settled: true, IsOut: false };
        if (known)
            part!.UsedAt = Stopwatch.GetTimestamp();
        else
            _parts[relay.RelayId] = await BeatAsync(transaction, relay.RelayId);
        var share = ShareOf(relay);
        pools.Of(relay).Limit(share.Connections, share.PerSecond is { } pace ? Math.Max(0.001, (double)pace) : null);
        return share.Connections > 0;
    }

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        try
        {
            foreach (var (relayId, part) in _parts.Where(p => Stopwatch.GetElapsedTime(p.Value.BeatenAt) > BeatAfter))
                await BeatAgainAsync(relayId, part, ct);
        }
        finally
        {
            LookedAgain?.Invoke();
        }
        // Only now: who has work for a relay has just said so, however long the database was away.
        foreach (var (relayId, _) in _parts.Where(p => Stopwatch.GetElapsedTime(p.Value.UsedAt) > ForgottenAfter))
            _parts.TryRemove(relayId, out _);
        return false;
    }

    private async Task BeatAgainAsync(Guid relayId, Part part, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(part.TenantId, ct);
        var beaten = await BeatAsync(transaction, relayId);
        await transaction.CommitAsync();
        _parts.AddOrUpdate(relayId, beaten, (_, now) =>
        {
            beaten.UsedAt = now.UsedAt;
            return beaten;
        });
    }

    private async Task<Part> BeatAsync(TenantTransaction transaction, Guid relayId)
    {
        var now = Stopwatch.GetTimestamp();
        return new Part(transaction.TenantId, await RelayShareStore.BeatAsync(transaction, relayId, node.Id), now) { UsedAt = now };
    }

    /// <summary>A relay that asked for less is used with fewer connections too, since it may have no rate to lower.</summary>
    private RelayShare ShareOf(Relay relay)
    {
        if (!_parts.TryGetValue(relay.RelayId, out var part) || !part.IsCurrent || part.Presence is not { Settled: true, IsOut: false })
            return default;
        var share = RelayShare.Of(relay.MaxConnections, relay.MaxPerSecond, part.Presence.Nodes, part.Presence.Rank);
        return new RelayShare((int)Math.Ceiling(share.Connections * relay.Pace), share.PerSecond * (decimal)relay.Pace);
    }

    private sealed record Part(Guid TenantId, RelayPresence Presence, long BeatenAt)
    {
        /// <summary>When something was last claimed for it, or its lane had work.</summary>
        public long UsedAt { get; set; }

        public bool IsCurrent => Stopwatch.GetElapsedTime(BeatenAt) < HoldsFor;
    }
}
