using System.Collections.Concurrent;
using System.Net;
using System.Text;
using CampaignHub.Core.Storefronts;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>A shop posts while the service is killed, and two nodes work its messages off.</summary>
public sealed class ShopKillTests
{
    private const int Orders = 300;

    [Fact]
    public async Task Killed_again_and_again_with_two_nodes_every_message_that_was_answered_counts_once()
    {
        await using var child = await ChildService.StartAsync();
        await using var beside = await child.StartBesideAsync("worker");
        var tenant = await child.NewTenantAsync();
        var list = await tenant.Http.PostAsync("/v1/lists", new { name = "Buyers" }, HttpStatusCode.Created);
        var storefront = await tenant.Http.PostAsync(
            "/v1/storefronts", new { kind = "shopify", name = "Shop", domain = "shop.example", secret = Shop.Secret, list_id = list["id"]!.GetValue<Guid>() }, HttpStatusCode.Created);
        var path = $"/hooks/shopify/{storefront["id"]}";
        var open = new ConcurrentQueue<int>(Enumerable.Range(0, Orders));
        var posting = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAllAsync(child, path, open)));
        foreach (var left in (int[])[Orders * 2 / 3, Orders / 3])
        {
            await Eventually.Async(() => Task.FromResult(open.Count <= left), "the shop has posted so many");
            await child.KillAsync();
            await child.StartAgainAsync();
        }
        await posting;

        await Eventually.Async(
            () => tenant.Http.GetJsonAsync($"/v1/storefronts/{storefront["id"]}"), s => s["messages"]!["pending"]!.GetValue<int>() == 0, "all are worked off");
        var messages = (await tenant.Http.GetJsonAsync($"/v1/storefronts/{storefront["id"]}"))["messages"]!;
        (messages["received"]!.GetValue<int>(), messages["processed"]!.GetValue<int>()).ShouldBe((Orders, Orders));
        var buyers = (await tenant.Http.GetJsonAsync($"/v1/recipients?limit=50"))["data"]!.AsArray();
        buyers.Count.ShouldBe(10);
        buyers.Sum(b => b!["attributes"]!["orders_count"]!.GetValue<int>()).ShouldBe(Orders);
        // Each buyer's last message in order has the last word.
        buyers.ShouldAllBe(b => b!["attributes"]!["orders_total"]!.GetValue<decimal>() == Orders / 10);
    }

    /// <summary>As a shop does: what wasn't answered 200 is posted again, as the same event.</summary>
    private static async Task PostAllAsync(ChildService child, string path, ConcurrentQueue<int> open)
    {
        while (open.TryDequeue(out var number))
        {
            var body = ShopBuyersTests.Order(number + 1, "2026-01-01T00:00:00Z", "", $"p{number % 10}@buyer.example", 1 + number % 10, "1.00");
            for (var isTaken = false; !isTaken;)
                isTaken = await PostAsync(child, path, number, body);
        }
    }

    private static async Task<bool> PostAsync(ChildService child, string path, int number, string body)
    {
        try
        {
            using var http = child.WithKey(null);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("X-Shopify-Topic", "orders/create");
            request.Headers.TryAddWithoutValidation("X-Shopify-Event-Id", $"event-{number}");
            request.Headers.TryAddWithoutValidation("X-Shopify-Hmac-Sha256", HookSignature.Of(Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(Shop.Secret)));
            using var answer = await http.SendAsync(request);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            await Task.Delay(50);
            return false;
        }
    }
}
