using System.Security.Cryptography;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A webhook of Shopify's, signed in <c>X-Shopify-Hmac-Sha256</c>. Topics that aren't known are kept and ignored.</summary>
internal sealed class ReceiveShopify(Database database, KeyRing ring, StorefrontMetrics metrics, WorkSignal signal, RateLimits limits, IClock clock)
    : StorefrontHook(StorefrontKind.Shopify, database, ring, metrics, signal, limits, clock)
{
    protected override string SignatureHeader => "X-Shopify-Hmac-Sha256";

    protected override string TopicHeader => "X-Shopify-Topic";

    public override void Configure() => Describe("Receive a webhook of Shopify");

    /// <summary>An event has one id however often it is sent; what one action does to several people shares it.</summary>
    protected override string EventKey(IHeaderDictionary headers, ReadOnlySpan<byte> body, IReadOnlyCollection<string> personKeys, ShopMessage message) =>
        (Header("X-Shopify-Event-Id") ?? Header("X-Shopify-Webhook-Id")) is { Length: > 0 } id
            ? $"{id} {string.Join(' ', personKeys)} {message.Order?.OrderId}" : Convert.ToHexString(SHA256.HashData(body));

    protected override Instant? TriggeredAt(IHeaderDictionary headers) =>
        RecipientFields.ConsentAt(Header("X-Shopify-Triggered-At"), out var at) is null ? at : null;
}
