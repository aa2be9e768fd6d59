using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Core.Storefronts;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>A shop that is connected to a tenant, and posts as such a shop does.</summary>
public sealed class Shop
{
    public const string Secret = "shpss_0123456789abcdef";

    private readonly TestService _service;
    private readonly string _path;

    private Shop(TestService service, TestTenant tenant, Guid listId, JsonObject storefront)
    {
        (_service, Tenant, ListId, Id, Kind) = (service, tenant, listId, storefront["id"]!.GetValue<Guid>(), storefront["kind"]!.GetValue<string>());
        _path = new Uri(storefront["webhook_url"]!.GetValue<string>()).AbsolutePath;
    }

    public TestTenant Tenant { get; }

    public Guid ListId { get; }

    public Guid Id { get; }

    public string Kind { get; }

    public static async Task<Shop> ConnectAsync(TestService service, string kind = "shopify", TestTenant? tenant = null, string? timeZone = null, Guid? listId = null)
    {
        tenant ??= await service.NewTenantAsync();
        listId ??= (await tenant.Http.PostAsync("/v1/lists", new { name = "Buyers" }, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        var storefront = await tenant.Http.PostAsync("/v1/storefronts", new
        {
            kind,
            name = "Shop",
            domain = $"{kind}.shop.example",
            secret = Secret,
            list_id = listId,
            time_zone = timeZone,
        }, HttpStatusCode.Created);
        return new Shop(service, tenant, listId.Value, storefront);
    }

    /// <summary>Posts a signed message; another id is another event.</summary>
    public async Task PostAsync(string topic, string body, string? eventId = null, string secret = Secret)
    {
        using var answer = await SendAsync(topic, body, HookSignature.Of(Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(secret)), eventId ?? Guid.CreateVersion7().ToString());
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> SendAsync(string topic, string body, string? signature, string eventId, string? path = null)
    {
        var isShopify = Kind == "shopify";
        var request = new HttpRequestMessage(HttpMethod.Post, path ?? _path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(isShopify ? "X-Shopify-Topic" : "X-WC-Webhook-Topic", topic);
        request.Headers.TryAddWithoutValidation(isShopify ? "X-Shopify-Event-Id" : "X-WC-Webhook-Delivery-ID", eventId);
        if (signature is not null)
            request.Headers.TryAddWithoutValidation(isShopify ? "X-Shopify-Hmac-Sha256" : "X-WC-Webhook-Signature", signature);
        return _service.Anonymous.SendAsync(request);
    }

    /// <summary>The storefront as it is shown once nothing waits and so many messages have been received.</summary>
    public Task<JsonObject> SettledAsync(int received) => Eventually.Async(
        () => Tenant.Http.GetJsonAsync($"/v1/storefronts/{Id}"),
        s => s["messages"]!["pending"]!.GetValue<int>() == 0 && s["messages"]!["received"]!.GetValue<int>() == received, $"{received} messages are worked off");

    /// <summary>The recipient with this address; null: there is none.</summary>
    public async Task<JsonObject?> FindAsync(string email) =>
        (await Tenant.Http.GetJsonAsync($"/v1/recipients?email={Uri.EscapeDataString(email)}"))["data"]!.AsArray().SingleOrDefault()?.AsObject();

    public async Task<JsonObject> RecipientAsync(string email) => (await FindAsync(email)).ShouldNotBeNull();
}

/// <summary>What a recipient's answer says, shortly.</summary>
internal static class ShopPeople
{
    public static string Consent(this JsonObject recipient) =>
        $"{recipient["consent"]!["status"]} {recipient["consent"]!["source"]} {recipient["consent"]!["at"]}".TrimEnd();

    public static string? Text(this JsonObject recipient, string field) => recipient[field]?.GetValue<string>();
}
