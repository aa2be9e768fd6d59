using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>Which relays of a tenant this node may use now.</summary>
internal sealed class UsableRelays(RelayRest rest, RelayShares shares, KeyRing keys)
{
    /// <summary>
    /// The relays, how many messages those in warm-up may take today (give back what of it isn't used), and the ids of all that somebody
    /// may use, now or after a rest.
    /// </summary>
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="most">How many messages are wanted of each.</param>
    /// <param name="now">Business time.</param>
    public async Task<(IReadOnlyList<Relay> Relays, WarmUpAllowance WarmUp, IReadOnlyCollection<Guid> Unpaused)> TakeAsync(TenantTransaction transaction, int most, Instant now)
    {
        var usable = new List<Relay>();
        var taken = new Dictionary<Guid, int>();
        var unpaused = await RelayStore.ListUnpausedAsync(transaction, keys, now);
        foreach (var relay in unpaused)
        {
            if (relay.RestingUntil is not null || rest.IsResting(relay.RelayId) || !await shares.UseAsync(transaction, relay))
                continue;
            if (relay.WarmUp.Length > 0)
                taken[relay.RelayId] = await RelayDayStore.TakeAsync(transaction, relay.RelayId, most, now);
            if (taken.GetValueOrDefault(relay.RelayId, 1) > 0)
                usable.Add(relay);
        }
        return (usable, new WarmUpAllowance(taken, now), [.. unpaused.Select(relay => relay.RelayId)]);
    }

    public static async Task GiveBackAsync(TenantTransaction transaction, WarmUpAllowance warmUp)
    {
        foreach (var (relayId, unused) in warmUp.Unused)
            await RelayDayStore.GiveBackAsync(transaction, relayId, unused, warmUp.TakenAt);
    }
}
