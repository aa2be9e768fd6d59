using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>Which relays of a tenant this node may use now.</summary>
internal sealed class UsableRelays(RelayRest rest, RelayShares shares, KeyRing keys)
{
    /// <summary>The relays, and how many messages those in warm-up may take today: give back what of it isn't used.</summary>
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="most">How many messages are wanted of each.</param>
    /// <param name="now">Business time.</param>
    public async Task<(IReadOnlyList<Relay> Relays, WarmUpAllowance WarmUp)> TakeAsync(TenantTransaction transaction, int most, Instant now)
    {
        var usable = new List<Relay>();
        var taken = new Dictionary<Guid, int>();
        foreach (var relay in await RelayStore.ListUsableAsync(transaction, keys, now))
        {
            if (rest.IsResting(relay.RelayId) || !await shares.UseAsync(transaction, relay))
                continue;
            if (relay.WarmUp.Length > 0)
                taken[relay.RelayId] = await RelayDayStore.TakeAsync(transaction, relay.RelayId, most, now);
            if (taken.GetValueOrDefault(relay.RelayId, 1) > 0)
                usable.Add(relay);
        }
        return (usable, new WarmUpAllowance(taken, now));
    }

    public static async Task GiveBackAsync(TenantTransaction transaction, WarmUpAllowance warmUp)
    {
        foreach (var (relayId, unused) in warmUp.Unused)
            await RelayDayStore.GiveBackAsync(transaction, relayId, unused, warmUp.TakenAt);
    }
}
