using System.Text.Json;

namespace CampaignHub.Core.Storefronts;

/// <summary>What a shop posts, in our words.</summary>
public static class ShopMessages
{
    /// <summary>Deepest nesting of a payload; the deepest known one has 7 levels.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth };

    /// <summary>Null where the body is no JSON object, is nested too deep, or has names that are no text. A topic that isn't known asks for nothing.</summary>
    /// <param name="kind">Whose payload it is.</param>
    /// <param name="topic">As the shop names it in its header.</param>
    /// <param name="body">The payload.</param>
    public static ShopMessage? Read(StorefrontKind kind, string topic, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, s_options);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var message = kind == StorefrontKind.Shopify ? ShopifyMessages.Read(topic, json.RootElement) : WooCommerceMessages.Read(topic, json.RootElement);
            return message.Act == ShopAct.Nothing ? About(json.RootElement) : message;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // The second: a name with half a surrogate pair in it, for which System.Text.Json has no Try form.
        }
    }

    /// <summary>Whom a message seems to be about of which nothing else is read, so that what is kept of it can go with them.</summary>
    private static ShopMessage About(JsonElement body)
    {
        var customer = body.Object("customer");
        return ShopMessage.Nothing with
        {
            CustomerId = customer?.Id("id") ?? body.Id("customer_id"),
            Email = ShopJson.Email(customer?.Text("email") ?? body.Text("email") ?? body.Object("billing")?.Text("email")),
        };
    }
}
