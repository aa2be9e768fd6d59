using System.Text.Json;
using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Storefronts;

/// <summary>Payloads of WooCommerce's webhooks, which are those of its REST API (v3), in our words.</summary>
internal static class WooCommerceMessages
{
    /// <summary>States of an order that was placed and stands; a plugin's own state counts too.</summary>
    private static readonly string[] s_notPlaced = ["pending", "failed", "cancelled", "refunded", "trash", "checkout-draft", "auto-draft"];

    public static ShopMessage Read(string topic, JsonElement body) => topic switch
    {
        "customer.created" or "customer.updated" => Customer(body),
        "customer.deleted" => new(ShopAct.Remove) { CustomerId = body.Id("id"), Email = ShopJson.Email(body.Text("email")) },
        "order.created" or "order.updated" or "order.restored" => Order(body),
        "order.deleted" => new(ShopAct.RemoveOrder) { Order = new ShopOrder(body.Id("id") ?? "", default, 0, "", Counts: false) },
        _ => ShopMessage.Nothing,
    };

    private static ShopMessage Customer(JsonElement customer)
    {
        var email = Filled(customer.Text("email")) ?? customer.Object("billing")?.Text("email");
        return new ShopMessage(ShopAct.Tell)
        {
            CustomerId = customer.Id("id"),
            Email = ShopJson.Email(email),
            At = customer.Instant("date_modified_gmt", isUtc: true) ?? customer.Instant("date_created_gmt", isUtc: true),
            Person = Person(customer, customer),
            Consent = Stated(customer, isTicked: false),
            Fault = ShopJson.EmailFault(email),
        };
    }

    private static ShopMessage Order(JsonElement order)
    {
        var email = order.Object("billing")?.Text("email");
        var sale = new ShopMessage(ShopAct.Tell)
        {
            CustomerId = order.Id("customer_id"),
            Email = ShopJson.Email(email),
            At = order.Instant("date_modified_gmt", isUtc: true) ?? order.Instant("date_created_gmt", isUtc: true),
            Person = Person(null, order),
            Consent = Stated(order, isTicked: true),
            Fault = ShopJson.EmailFault(email),
        };
        return order.Id("id") is { } id && order.Instant("date_created_gmt", isUtc: true) is { } at && order.Money("total") is { } total && order.Currency("currency") is { } currency
            ? sale with { Order = new ShopOrder(id, at, total, currency, !s_notPlaced.Contains(order.Text("status"))) }
            : sale with { Fault = ShopMessage.UnreadableOrder };
    }

    /// <summary>A field that isn't filled in is an empty text in WooCommerce.</summary>
    private static ShopPerson Person(JsonElement? customer, JsonElement holder)
    {
        var (billing, shipping) = (holder.Object("billing"), holder.Object("shipping"));
        var place = Filled(billing?.Text("country")) is not null ? billing : shipping;
        return ShopJson.Person(
            Filled(customer?.Text("first_name")) ?? First("first_name"), Filled(customer?.Text("last_name")) ?? First("last_name"), First("phone"),
            place?.Text("country"), WooCommerceRegions.ToIso(place?.Text("country"), place?.Text("state") ?? ""), null);

        string? First(string name) => Filled(billing?.Text(name)) ?? shipping?.Text(name);
    }

    /// <summary>The last of the opt-in fields that says anything: a plugin that writes one anew appends it.</summary>
    private static ShopConsent? Stated(JsonElement holder, bool isTicked)
    {
        var statement = holder.Items("meta_data").Where(meta => meta.ValueKind == JsonValueKind.Object)
            .Select(meta => ShopConsent.OfWooCommerce(meta.Text("key"), meta.Text("value")))
            .LastOrDefault(said => said != ConsentStatement.Silent, ConsentStatement.Silent);
        // A box that isn't ticked with an order is no word against an earlier one.
        return statement == ConsentStatement.Silent || isTicked && statement == ConsentStatement.Refused ? null : new ShopConsent(statement, null, IsTicked: isTicked);
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
