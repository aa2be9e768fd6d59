namespace CampaignHub.Core.Audience;

/// <summary>Every format of customer files that is known.</summary>
public static class CsvFormats
{
    /// <summary>Asked in this order; the first with a sign in the header is it. Ours fits every file and stands last.</summary>
    public static IReadOnlyList<CsvFormat> All { get; } =
        [CsvFormat.ShopifyCustomers, MailchimpAudience.Format, WooCommerceCustomers.Format, CsvFormat.Own];
}
