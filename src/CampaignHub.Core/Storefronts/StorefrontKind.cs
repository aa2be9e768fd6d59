namespace CampaignHub.Core.Storefronts;

/// <summary>What kind of shop is connected; on the wire by <see cref="WireWords"/>.</summary>
public enum StorefrontKind
{
    Shopify,
    Woocommerce,
}
