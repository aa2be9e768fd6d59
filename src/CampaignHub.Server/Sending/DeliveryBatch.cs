using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Sending;

/// <summary>Deliveries of one campaign that were claimed together, with all that sending them needs.</summary>
internal sealed record DeliveryBatch(
    LaunchedCampaign Campaign, Lease Lease, IReadOnlyList<ClaimedDelivery> Deliveries, IReadOnlyList<Relay> Relays, byte[] TrackingKey, string PublicUrl)
{
    public Guid TenantId => Campaign.TenantId;

    public DeliveryLinks LinksOf(ClaimedDelivery delivery) =>
        new(PublicUrl, TrackingKey, TenantId, Campaign.CampaignId, delivery.DeliveryId);

    /// <summary>A relay by weight; the same one for the same delivery as long as the relays are the same.</summary>
    public Relay RelayFor(ClaimedDelivery delivery)
    {
        var turn = (uint)delivery.DeliveryId.GetHashCode() % (uint)Relays.Sum(r => r.Weight);
        foreach (var relay in Relays)
        {
            if (turn < relay.Weight)
                return relay;
            turn -= (uint)relay.Weight;
        }
        return Relays[^1];
    }

    public static byte[] KeyOf(KeyRing ring, Guid tenantId) => ring.Derive(tenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes);
}
