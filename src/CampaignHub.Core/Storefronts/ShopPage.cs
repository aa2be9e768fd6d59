using System.Globalization;
using System.Text.Json;
using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Storefronts;

/// <summary>What is read of a shop, one after the other.</summary>
public enum ShopStage
{
    Customers,
    Orders,
}

/// <summary>One page of a shop's customers or orders, in the words of its webhooks.</summary>
/// <param name="Messages">Each as if the shop had posted it.</param>
/// <param name="Next">What asks for the next page; null: this was the last.</param>
/// <param name="Wait">How long the shop's limits want us to wait before the next call.</param>
/// <param name="IsThrottled">The page wasn't given: ask for the same one again.</param>
public sealed record ShopPage(IReadOnlyList<ShopMessage> Messages, string? Next, Duration Wait, bool IsThrottled = false)
{
    /// <summary>Customers or orders of a page.</summary>
    public const int Size = 50;

    /// <summary>Shopify's GraphQL query of a stage; its one variable is <c>after</c>.</summary>
    public static string ShopifyQuery(ShopStage stage) => stage == ShopStage.Customers
        ? """
          query ($after: String) { customers(first: 50, after: $after, sortKey: ID) { pageInfo { hasNextPage endCursor } nodes {
            id firstName lastName locale tags updatedAt
            defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
            defaultPhoneNumber { phoneNumber }
            defaultAddress { countryCodeV2 provinceCode phone } } } }
          """
        : """
          query ($after: String) { orders(first: 50, after: $after, sortKey: ID) { pageInfo { hasNextPage endCursor } nodes {
            id email createdAt updatedAt cancelledAt test customerLocale
            currentTotalPriceSet { shopMoney { amount currencyCode } }
            customer { id firstName lastName defaultEmailAddress { emailAddress } }
            billingAddress { countryCodeV2 provinceCode phone } } } }
          """;

    /// <summary>Shopify's answer; null where it isn't one to the query.</summary>
    public static ShopPage? OfShopify(ShopStage stage, ReadOnlyMemory<byte> body) => Read(body, JsonValueKind.Object, answer =>
    {
        var wait = WaitOf(answer);
        if (answer.Items("errors").Any(error => error.ValueKind == JsonValueKind.Object && error.Object("extensions")?.Text("code") == "THROTTLED"))
            return new ShopPage([], null, wait < Duration.FromSeconds(1) ? Duration.FromSeconds(1) : wait, IsThrottled: true);
        if (answer.Object("data")?.Object(stage.Word()) is not { } found)
            return null;
        var info = found.Object("pageInfo");
        var next = info?.IsTrue("hasNextPage") is true ? info?.Text("endCursor") : null;
        return new ShopPage([.. Objects(found.Items("nodes")).Select(node => stage == ShopStage.Customers ? Customer(node) : Order(node))], next, wait);
    });

    /// <summary>WooCommerce's answer: an array. A full page may have another after it.</summary>
    public static ShopPage? OfWooCommerce(ShopStage stage, ReadOnlyMemory<byte> body, int page) => Read(body, JsonValueKind.Array, answer =>
    {
        var topic = stage == ShopStage.Customers ? "customer.updated" : "order.updated";
        return new ShopPage(
            [.. Objects(answer.EnumerateArray()).Select(item => WooCommerceMessages.Read(topic, item))],
            answer.GetArrayLength() >= Size ? (page + 1).ToString(CultureInfo.InvariantCulture) : null, Duration.Zero);
    });

    private static ShopPage? Read(ReadOnlyMemory<byte> body, JsonValueKind kind, Func<JsonElement, ShopPage?> read)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = ShopMessages.MaxDepth });
            return json.RootElement.ValueKind == kind ? read(json.RootElement) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // The second: a name with half a surrogate pair in it.
        }
    }

    private static IEnumerable<JsonElement> Objects(IEnumerable<JsonElement> items) => items.Where(item => item.ValueKind == JsonValueKind.Object);

    /// <summary>Until the bucket of Shopify's cost limit holds enough for another such query.</summary>
    private static Duration WaitOf(JsonElement answer)
    {
        var cost = answer.Object("extensions")?.Object("cost");
        var status = cost?.Object("throttleStatus");
        return cost?.Money("requestedQueryCost") is { } needed && status?.Money("currentlyAvailable") is { } available && status?.Money("restoreRate") is { } rate and > 0 && available < needed
            ? Duration.FromSeconds((double)Math.Min((needed - available) / rate, 60)) : Duration.Zero;
    }

    private static ShopMessage Customer(JsonElement node)
    {
        var (address, place) = (node.Object("defaultEmailAddress"), node.Object("defaultAddress"));
        var email = address?.Text("emailAddress");
        var statement = ShopConsent.OfShopify(address?.Text("marketingState"));
        return new ShopMessage(ShopAct.Tell)
        {
            CustomerId = node.Id("id"),
            Email = ShopJson.Email(email),
            At = node.Instant("updatedAt"),
            Person = Person(node, place) with { Tags = node.Tags("tags") },
            Consent = statement == ConsentStatement.Silent ? null
                : new ShopConsent(statement, address?.Instant("marketingUpdatedAt"), ShopifyMessages.LevelOf(address?.Text("marketingOptInLevel"))),
            Fault = ShopJson.EmailFault(email),
        };
    }

    private static ShopMessage Order(JsonElement node)
    {
        var (customer, total) = (node.Object("customer"), node.Object("currentTotalPriceSet")?.Object("shopMoney"));
        var email = customer?.Object("defaultEmailAddress")?.Text("emailAddress") ?? node.Text("email");
        var sale = new ShopMessage(ShopAct.Tell)
        {
            CustomerId = customer?.Id("id"),
            Email = ShopJson.Email(email),
            At = node.Instant("updatedAt"),
            Person = Person(customer ?? node, node.Object("billingAddress")),
            Fault = ShopJson.EmailFault(email),
        };
        return node.Id("id") is { } id && node.Instant("createdAt") is { } at && total?.Money("amount") is { } amount && total?.Currency("currencyCode") is { } currency
            ? sale with { Order = new ShopOrder(id, at, amount, currency, !node.IsTrue("test") && node.Instant("cancelledAt") is null) }
            : sale with { Fault = ShopMessage.UnreadableOrder };
    }

    private static ShopPerson Person(JsonElement node, JsonElement? place) => ShopJson.Person(
        node.Text("firstName"), node.Text("lastName"), node.Object("defaultPhoneNumber")?.Text("phoneNumber") ?? place?.Text("phone"),
        place?.Text("countryCodeV2"), place?.Text("provinceCode"), node.Text("locale") ?? node.Text("customerLocale"));
}
