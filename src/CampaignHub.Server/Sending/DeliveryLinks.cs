using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Sending;

/// <summary>The tracking URLs of one delivery: tokens under its tenant's key.</summary>
internal sealed class DeliveryLinks(string publicUrl, byte[] key, Guid tenantId, Guid campaignId, Guid deliveryId) : ITrackingLinks
{
    public string Pixel() => $"{publicUrl}/o/{TrackingToken.Open(tenantId, deliveryId).Write(key)}.gif";

    public string Click(int index) => Click(index, null!);

    public string Click(int index, string url) =>
        $"{publicUrl}/c/{TrackingToken.Click(tenantId, campaignId, deliveryId, checked((ushort)index), url).Write(key)}";

    public string Unsubscribe() => $"{publicUrl}/u/{TrackingToken.Unsubscribe(tenantId, deliveryId).Write(key)}";
}
