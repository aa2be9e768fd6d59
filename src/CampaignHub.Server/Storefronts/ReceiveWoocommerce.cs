using System.Security.Cryptography;
using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A webhook of WooCommerce's, signed in <c>X-WC-Webhook-Signature</c>. Topics that aren't known are kept and ignored.</summary>
internal sealed class ReceiveWoocommerce(Database database, KeyRing ring, StorefrontMetrics metrics, WorkSignal signal, RateLimits limits, IClock clock)
    : StorefrontHook(StorefrontKind.Woocommerce, database, ring, metrics, signal, limits, clock)
{
    private const int LongestPing = 40;

    protected override string SignatureHeader => "X-WC-Webhook-Signature";

    protected override string TopicHeader => "X-WC-Webhook-Topic";

    public override void Configure() => Describe("Receive a webhook of WooCommerce");

    /// <summary>Its delivery ids are made of the webhook's number and the second, and so of several messages: the body tells them apart.</summary>
    protected override string EventKey(IHeaderDictionary headers, ReadOnlySpan<byte> body, IReadOnlyCollection<string> personKeys, ShopMessage message) =>
        $"{Header("X-WC-Webhook-Delivery-ID")} {Convert.ToHexString(SHA256.HashData(body))}";

    /// <summary>What WooCommerce posts when the webhook is saved, unsigned: <c>webhook_id=12</c>.</summary>
    protected override bool IsPing(HttpRequest request, ReadOnlySpan<byte> body) =>
        !request.Headers.ContainsKey(SignatureHeader) && body.Length <= LongestPing && body.StartsWith("webhook_id="u8)
        && !body["webhook_id="u8.Length..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
