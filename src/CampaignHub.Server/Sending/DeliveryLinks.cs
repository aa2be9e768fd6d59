using System.Security.Cryptography;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Sending;

/// <summary>The tracking URLs of one delivery: tokens under its tenant's key, which is set up once for all of them. For one thread.</summary>
internal sealed class DeliveryLinks(string publicUrl, byte[] key, Guid tenantId, Guid campaignId, Guid deliveryId) : ITrackingLinks, IDisposable
{
    private readonly IncrementalHash _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    public string Pixel() => $"{publicUrl}/o/{TrackingToken.Open(tenantId, deliveryId).Write(_mac)}.gif";

    public string Honeypot() => $"{publicUrl}/c/{TrackingToken.Honeypot(tenantId, campaignId, deliveryId).Write(_mac)}";

    public string Click(int index) => Click(index, null!);

    public string Click(int index, string url) =>
        $"{publicUrl}/c/{TrackingToken.Click(tenantId, campaignId, deliveryId, checked((ushort)index), url).Write(_mac)}";

    public string Unsubscribe() => $"{publicUrl}/u/{TrackingToken.Unsubscribe(tenantId, deliveryId).Write(_mac)}";

    public void Dispose() => _mac.Dispose();
}
