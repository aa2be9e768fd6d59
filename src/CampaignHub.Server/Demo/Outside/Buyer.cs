using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Demo.Outside;

/// <summary>Somebody who buys in the shop while the campaign is under way, as the shop tells of them.</summary>
/// <param name="Number">The shop's own number of them.</param>
/// <param name="FirstName">Their first name.</param>
/// <param name="Email">Their address.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">The shop's code of the part of the country; null where it has none.</param>
/// <param name="Consents">Whether they ticked the box.</param>
/// <param name="TimeZone">Where they really are, which the service has to find out.</param>
internal sealed record Buyer(long Number, string FirstName, string Email, string Country, string? Region, bool Consents, string TimeZone)
{
    public static readonly IReadOnlyList<Buyer> All =
    [
        new(9_001, "Giulia", "giulia@piazza.example", "IT", null, Consents: true, "Europe/Rome"),
        new(9_002, "Rafael", "rafael@avenida.example", "BR", "SP", Consents: true, "America/Sao_Paulo"),
        new(9_003, "Jonas", "jonas@marktplatz.example", "DE", null, Consents: false, "Europe/Berlin"),
    ];

    /// <summary>Their payload of Shopify's <c>customers/create</c>.</summary>
    public object Told(Instant at) => new
    {
        id = Number,
        email = Email,
        first_name = FirstName,
        updated_at = InstantPattern.General.Format(at),
        default_address = new { country_code = Country, province_code = Region },
        email_marketing_consent = new
        {
            state = Consents ? "subscribed" : "not_subscribed",
            opt_in_level = "single_opt_in",
            consent_updated_at = Consents ? InstantPattern.General.Format(at) : null,
        },
    };
}

/// <summary>An order of somebody who is a customer already.</summary>
internal static class Order
{
    public const string Currency = "EUR";
    public const string Total = "89.00";

    /// <summary>Its payload of Shopify's <c>orders/create</c>.</summary>
    public static object Told(string email, Instant at) => new
    {
        id = 70_001,
        email,
        created_at = InstantPattern.General.Format(at),
        updated_at = InstantPattern.General.Format(at),
        currency = Currency,
        current_total_price = Total,
        total_price = Total,
        financial_status = "paid",
        customer = new { id = 9_100, email },
    };
}
