using System.Text.Json;
using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Storefronts;

/// <summary>Payloads of Shopify's webhooks in our words, of every version of its API: what one has dropped or renamed is looked for under both names.</summary>
internal static class ShopifyMessages
{
    public static ShopMessage Read(string topic, JsonElement body) => topic switch
    {
        "customers/create" or "customers/update" or "customers/enable" or "customers/disable" => Customer(body),
        "customers/delete" => new(ShopAct.Remove) { CustomerId = body.Id("id"), Email = ShopJson.Email(body.Text("email")) },
        "customer.tags_added" => Tags(body) with { Person = new ShopPerson { AddedTags = body.Tags("tags") ?? [] } },
        "customer.tags_removed" => Tags(body) with { Person = new ShopPerson { RemovedTags = body.Tags("tags") ?? [] } },
        "customers_email_marketing_consent/update" => Consent(body),
        "orders/create" or "orders/updated" or "orders/paid" or "orders/cancelled" or "orders/fulfilled" => Order(body),
        "orders/delete" => new(ShopAct.RemoveOrder) { Order = new ShopOrder(body.Id("id") ?? "", default, 0, "", Counts: false) },
        "checkouts/create" or "checkouts/update" => Sale(body, ShopAct.Update),
        "shop/update" => new(ShopAct.TellShop) { TimeZone = Zone(body) },
        "app/uninstalled" => new(ShopAct.TellShop) { TimeZone = Zone(body), IsUninstalled = true },
        "customers/data_request" => Privacy(body, ShopAct.RequestData),
        "customers/redact" => Privacy(body, ShopAct.Redact),
        "shop/redact" => new(ShopAct.RedactShop),
        _ => ShopMessage.Nothing,
    };

    private static ShopMessage Customer(JsonElement customer) => new(ShopAct.Tell)
    {
        CustomerId = customer.Id("id"),
        Email = ShopJson.Email(customer.Text("email")),
        At = customer.Instant("updated_at"),
        Person = Person(customer, null) with { Tags = customer.Tags("tags") },
        Consent = Stated(customer),
        Fault = ShopJson.EmailFault(customer.Text("email")),
    };

    private static ShopMessage Tags(JsonElement body) => new(ShopAct.Update) { CustomerId = body.Id("customerId"), At = body.Instant("occurredAt") };

    private static ShopMessage Consent(JsonElement body) => new(ShopAct.Tell)
    {
        CustomerId = body.Id("customer_id"),
        Email = ShopJson.Email(body.Text("email_address")),
        At = body.Object("email_marketing_consent")?.Instant("consent_updated_at"),
        Consent = Stated(body),
        Fault = ShopJson.EmailFault(body.Text("email_address")),
    };

    private static ShopMessage Order(JsonElement order)
    {
        var sale = Sale(order, ShopAct.Tell);
        var consent = sale.Consent ?? (order.IsTrue("buyer_accepts_marketing") ? new ShopConsent(ConsentStatement.Granted, null, IsTicked: true) : null);
        return order.Id("id") is { } id && order.Instant("created_at") is { } at && Total(order) is { } total && order.Currency("currency") is { } currency
            ? sale with { Consent = consent, Order = new ShopOrder(id, at, total, currency, Counts(order)) }
            : sale with { Consent = consent, Fault = ShopMessage.UnreadableOrder };
    }

    /// <summary>An order or a checkout: the customer as the shop knows them, and where the buyer says they are.</summary>
    private static ShopMessage Sale(JsonElement sale, ShopAct act)
    {
        var customer = sale.Object("customer");
        var email = customer?.Text("email") ?? sale.Text("email") ?? sale.Text("contact_email");
        return new ShopMessage(act)
        {
            CustomerId = customer?.Id("id"),
            Email = ShopJson.Email(email),
            At = sale.Instant("updated_at") ?? sale.Instant("created_at"),
            Person = Person(customer, sale),
            Consent = customer is { } known ? Stated(known) : null,
            Fault = ShopJson.EmailFault(email),
        };
    }

    private static ShopMessage Privacy(JsonElement body, ShopAct act) => new(act)
    {
        CustomerId = body.Object("customer")?.Id("id"),
        Email = ShopJson.Email(body.Object("customer")?.Text("email")),
    };

    /// <summary>Each by the first that has it: the customer, their default address, the sale's billing and shipping address.</summary>
    private static ShopPerson Person(JsonElement? customer, JsonElement? sale)
    {
        JsonElement?[] addresses = [customer?.Object("default_address"), sale?.Object("billing_address"), sale?.Object("shipping_address")];
        var place = addresses.FirstOrDefault(address => !string.IsNullOrEmpty(address?.Text("country_code")));
        return ShopJson.Person(
            customer?.Text("first_name") ?? First("first_name"), customer?.Text("last_name") ?? First("last_name"),
            customer?.Text("phone") ?? sale?.Text("phone") ?? First("phone"),
            place?.Text("country_code"), place?.Text("province_code"), sale?.Text("customer_locale") ?? customer?.Text("locale"));

        string? First(string name) => addresses.Select(address => address?.Text(name)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
    }

    /// <summary>Of today's field, or of the two that API versions before 2024 have.</summary>
    private static ShopConsent? Stated(JsonElement holder)
    {
        if (holder.Object("email_marketing_consent") is { } consent)
            return ShopConsent.OfShopify(consent.Text("state")) is var statement and not ConsentStatement.Silent
                ? new ShopConsent(statement, consent.Instant("consent_updated_at"), LevelOf(consent.Text("opt_in_level"))) : null;
        return holder.Text("accepts_marketing") is { } accepts and ("true" or "false")
            ? new ShopConsent(
                accepts == "true" ? ConsentStatement.Granted : ConsentStatement.Refused, holder.Instant("accepts_marketing_updated_at"),
                LevelOf(holder.Text("marketing_opt_in_level")))
            : null;
    }

    internal static string? LevelOf(string? level) =>
        level?.ToLowerInvariant() is { } word and ("single_opt_in" or "confirmed_opt_in" or "unknown") ? word : null;

    private static decimal? Total(JsonElement order) => order.Money("current_total_price") ?? order.Money("total_price");

    private static bool Counts(JsonElement order) => !order.IsTrue("test") && order.Instant("cancelled_at") is null;

    private static string? Zone(JsonElement shop) => RecipientFields.TimeZone(shop.Text("iana_timezone"), out var zone) is null ? zone : null;
}
