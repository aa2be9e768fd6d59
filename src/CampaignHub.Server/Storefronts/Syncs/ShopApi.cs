using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CampaignHub.Core.Storefronts;
using CampaignHub.Server.Platform.Outbound;
using NodaTime;

namespace CampaignHub.Server.Storefronts.Syncs;

/// <summary>What came of asking a shop for a page.</summary>
/// <param name="Page">The page; null where none was given.</param>
/// <param name="Problem">Why not, in words for the shop's owner; null where nothing is wrong.</param>
/// <param name="IsFinal">To ask again would be in vain: the token or the address is wrong.</param>
internal sealed record ShopAnswer(ShopPage? Page, string? Problem, bool IsFinal = false);

/// <summary>Reads a shop page by page, through the guard of outgoing connections: Shopify's GraphQL Admin API, or WooCommerce's REST API v3.</summary>
internal sealed class ShopApi(IHttpClientFactory clients)
{
    public const string ClientName = "storefronts";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Of the versions that Shopify serves; each for a year.</summary>
    private const string ShopifyVersion = "2026-04";

    private const int MostBytes = 16 * 1024 * 1024;

    /// <param name="storefront">The shop.</param>
    /// <param name="token">Its access token.</param>
    /// <param name="stage">What is read.</param>
    /// <param name="page">What the page before gave; null: the first.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<ShopAnswer> ReadAsync(Storefront storefront, string token, ShopStage stage, string? page, CancellationToken ct)
    {
        var number = page is null ? 1 : int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 1;
        using var request = storefront.KindWord == StorefrontKind.Shopify ? ShopifyRequest(storefront, token, stage, page) : WooCommerceRequest(storefront, token, stage, number);
        try
        {
            using var client = clients.CreateClient(ClientName);
            client.MaxResponseContentBufferSize = MostBytes;
            using var response = await client.SendAsync(request, ct);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return new ShopAnswer(new ShopPage([], null, RetryAfter(response), IsThrottled: true), null);
            if (!response.IsSuccessStatusCode)
                return Refused(response.StatusCode);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            var read = storefront.KindWord == StorefrontKind.Shopify ? ShopPage.OfShopify(stage, body) : ShopPage.OfWooCommerce(stage, body, number);
            return read is null ? new ShopAnswer(null, "The shop's answer isn't what its API promises.") : new ShopAnswer(read, null);
        }
        catch (HttpRequestException fault)
        {
            return new ShopAnswer(null, $"The shop can't be reached: {OutboundFault.Words(fault.Message)}");
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ShopAnswer(null, $"The shop didn't answer within {Patience.TotalSeconds} seconds.");
        }
    }

    private static HttpRequestMessage ShopifyRequest(Storefront storefront, string token, ShopStage stage, string? after) =>
        new(HttpMethod.Post, $"https://{storefront.Domain}/admin/api/{ShopifyVersion}/graphql.json")
        {
            Headers = { { "X-Shopify-Access-Token", token } },
            Content = JsonContent.Create(new { query = ShopPage.ShopifyQuery(stage), variables = new { after } }),
        };

    private static HttpRequestMessage WooCommerceRequest(Storefront storefront, string token, ShopStage stage, int page) =>
        new(HttpMethod.Get, $"https://{storefront.Domain}/wp-json/wc/v3/{(stage == ShopStage.Customers ? "customers?role=all&" : "orders?")}orderby=id&order=asc&per_page={ShopPage.Size}&page={page}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(token))) },
        };

    private static ShopAnswer Refused(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(null, $"The shop refuses the access token ({(int)status}): give one that may read customers and orders.", IsFinal: true),
        HttpStatusCode.NotFound => new(null, "There is no such API at the domain (404): give the shop's own domain, Shopify's in myshopify.com.", IsFinal: true),
        _ => new(null, $"The shop answered {(int)status}."),
    };

    /// <summary>What the shop asks for, from a second to five minutes.</summary>
    private static Duration RetryAfter(HttpResponseMessage response) =>
        Duration.FromSeconds(Math.Clamp(response.Headers.RetryAfter?.Delta?.TotalSeconds ?? 2, 1, 300));
}
