using System.Collections.Frozen;

namespace CampaignHub.Core.Audience;

/// <summary>
/// WooCommerce's customers: the export of its Analytics, and those of plugins, whose columns are named after its fields. The
/// person's own fields go before the billing address, as in the shop's webhooks. It says nothing of consent, unless somebody has put a column of ours into it.
/// </summary>
public static class WooCommerceCustomers
{
    public static readonly CsvFormat Format = new(
        "woocommerce_customers",
        ["aov", "billing_email", "billing_first_name", "billing_country"],
        new Dictionary<string, CsvField>(CsvFormat.Own.Fields)
        {
            ["name"] = CsvField.WholeName,
            ["country_region"] = CsvField.Country,
            ["state"] = CsvField.Region,
        }.ToFrozenDictionary(),
        CsvFormat.Own.ConsentWords,
        IsForeign: true)
    {
        Fallbacks = new Dictionary<string, CsvField>
        {
            ["user_email"] = CsvField.Email,
            ["customer_email"] = CsvField.Email,
            ["billing_email"] = CsvField.Email,
            ["billing_first_name"] = CsvField.FirstName,
            ["shipping_first_name"] = CsvField.FirstName,
            ["billing_last_name"] = CsvField.LastName,
            ["shipping_last_name"] = CsvField.LastName,
            ["billing_country"] = CsvField.Country,
            ["billing_state"] = CsvField.Region,
            ["billing_phone"] = CsvField.Phone,
        }.ToFrozenDictionary(),
        Attributes = new Dictionary<string, AttributeRule>
        {
            ["orders"] = new(AttributeKind.Number, "orders_count"),
            ["order_count"] = new(AttributeKind.Number, "orders_count"),
            ["orders_count"] = new(AttributeKind.Number),
            ["total_spend"] = new(AttributeKind.Number, "orders_total"),
            ["total_spent"] = new(AttributeKind.Number, "orders_total"),
            ["orders_total"] = new(AttributeKind.Number),
            // What opens accounts is nothing for a mailing list.
            ["user_pass"] = new(AttributeKind.None),
            ["user_activation_key"] = new(AttributeKind.None),
            ["session_tokens"] = new(AttributeKind.None),
        }.ToFrozenDictionary(),
        RegionOf = WooCommerceRegions.ToIso,
    };
}
