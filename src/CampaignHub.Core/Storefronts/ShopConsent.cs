using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Storefronts;

/// <summary>What a shop says of a person's consent. What follows from it is decided by <see cref="ConsentTable"/>, as from any other word.</summary>
/// <param name="Statement">The word.</param>
/// <param name="At">When the person said it; null where the shop doesn't tell.</param>
/// <param name="Level">Shopify's <c>single_opt_in</c>, <c>confirmed_opt_in</c> or <c>unknown</c>; null where none is told.</param>
/// <param name="IsTicked">The box of an order: said with the order, unless the shop only repeats what it said before.</param>
public sealed record ShopConsent(ConsentStatement Statement, Instant? At, string? Level = null, bool IsTicked = false)
{
    /// <summary>Meta fields in which WooCommerce's newsletter plugins keep the opt-in, without leading underscores.</summary>
    private static readonly HashSet<string> s_optInMetas = new(StringComparer.OrdinalIgnoreCase)
    {
        "mailchimp_woocommerce_is_subscribed",
        "mc4wp_optin",
        "mailpoet_woocommerce_checkout_optin",
        "kl_newsletter_checkbox",
        "activecampaign_for_woocommerce_accepts_marketing",
        "accepts_marketing",
        "marketing_opt_in",
        "newsletter_opt_in",
        "newsletter_optin",
    };

    /// <summary>The state of Shopify's <c>email_marketing_consent</c>, in any case; a state that isn't known is silence.</summary>
    public static ConsentStatement OfShopify(string? state) => state?.ToLowerInvariant() switch
    {
        "subscribed" => ConsentStatement.Granted,
        "pending" => ConsentStatement.Pending,
        "not_subscribed" => ConsentStatement.Refused,
        // The address takes no marketing mail: nothing may rest on what was said before.
        "invalid" => ConsentStatement.Refused,
        "unsubscribed" or "redacted" => ConsentStatement.Withdrawn,
        _ => ConsentStatement.Silent,
    };

    /// <summary>A meta field of WooCommerce; silence where it isn't a known opt-in or its value isn't a known answer.</summary>
    public static ConsentStatement OfWooCommerce(string? key, string? value) => !s_optInMetas.Contains((key ?? "").TrimStart('_'))
        ? ConsentStatement.Silent
        : value?.Trim().ToLowerInvariant() switch
        {
            "1" or "yes" or "true" or "on" or "subscribed" => ConsentStatement.Granted,
            "0" or "no" or "false" or "off" or "" => ConsentStatement.Refused,
            "pending" => ConsentStatement.Pending,
            "unsubscribed" => ConsentStatement.Withdrawn,
            _ => ConsentStatement.Silent,
        };

    /// <summary>
    /// What is new in it. A word without an instant of its own counts as of its message if it is another than the shop's last
    /// one, or the first and ticked with an order; the same word again is silence, so that a field that is merely sent along
    /// never lifts a withdrawal.
    /// </summary>
    /// <param name="lastSaid">The shop's last word of this person; null: none.</param>
    /// <param name="messageAt">When the message was made.</param>
    public ShopConsent Beside(ConsentStatement? lastSaid, Instant messageAt)
    {
        if (At is not null)
            return this;
        if (lastSaid == Statement)
            return this with { Statement = ConsentStatement.Silent };
        return this with { At = lastSaid is not null || IsTicked ? messageAt : null };
    }
}
