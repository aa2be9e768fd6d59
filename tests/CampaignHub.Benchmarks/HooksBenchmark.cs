using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Core.Storefronts;

namespace CampaignHub.Benchmarks;

/// <summary>
/// A shop posts orders at a steady rate, whether they are answered or not, as at the start of a sale. All that was answered 200 must be
/// stored at once, and worked off in the end.
/// </summary>
internal static class HooksBenchmark
{
    private const string Secret = "shpss_0123456789abcdef";

    public static async Task<int> RunAsync(int seconds, int rate)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.NewTenantAsync();
        var list = await MadeAsync(service.Http, "lists", new { name = "Buyers" });
        var storefront = await MadeAsync(service.Http, "storefronts", new { kind = "shopify", name = "Shop", domain = "shop.example", secret = Secret, list_id = list["id"]!.GetValue<Guid>() });
        var path = new Uri(storefront["webhook_url"]!.GetValue<string>()).AbsolutePath;
        using var shop = ServiceProcess.ClientOf(service.Url);
        for (var i = 0; i < 50; i++)
            await PostAsync(shop, path, -1 - i); // until all is compiled

        var milliseconds = new ConcurrentBag<double>();
        var refused = 0;
        var clock = Stopwatch.StartNew();
        var calls = new List<Task>();
        for (var number = 0; number < seconds * rate; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / rate);
            if (due > clock.Elapsed)
                await Task.Delay(due - clock.Elapsed);
            calls.Add(CallAsync(number, due));
        }
        await Task.WhenAll(calls);
        var answered = milliseconds.Count;
        var stored = await service.Database.ReadOneAsync<long>("SELECT count(*) FROM campaignhub.storefront_messages WHERE topic = 'orders/create'") - 50;
        while (await service.Database.ReadOneAsync<long>("SELECT count(*) FROM campaignhub.storefront_messages WHERE state = 'pending'") > 0)
            await Task.Delay(200);
        var workedOff = clock.Elapsed;
        var orders = await service.Database.ReadOneAsync<long>("SELECT count(*) FROM campaignhub.storefront_orders WHERE NOT order_id LIKE 'warm%'");

        double[] sorted = [.. milliseconds.Order()];
        Console.WriteLine($"{rate} orders a second for {seconds} s, {Environment.ProcessorCount} processors, the shop on them too");
        Console.WriteLine($"answered 200: {answered:N0}, otherwise: {refused}; p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, worst {At(1):0} ms from the moment each was due (aim: p99 below 1,000 ms)");
        Console.WriteLine($"stored when the last was answered: {stored:N0}; worked off after {workedOff.TotalSeconds:0.0} s: {orders / workedOff.TotalSeconds:N0} a second; orders kept: {orders:N0}");
        return stored == answered && orders == answered && refused == 0 ? 0 : 1;

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

        async Task CallAsync(int number, TimeSpan due)
        {
            if (await PostAsync(shop, path, number))
                milliseconds.Add((clock.Elapsed - due).TotalMilliseconds);
            else
                Interlocked.Increment(ref refused);
        }
    }

    private static async Task<JsonObject> MadeAsync(HttpClient http, string kind, object body)
    {
        using var answer = await http.PostAsJsonAsync($"/v1/{kind}", body);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>An order of one of so many customers: some buy again.</summary>
    private static async Task<bool> PostAsync(HttpClient shop, string path, int number)
    {
        var (order, buyer) = (number < 0 ? $"warm{-number}" : $"{number + 1}", Math.Abs(number) % 5_000);
        var body = Encoding.UTF8.GetBytes($$"""
            { "id": "{{order}}", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "total_price": "10.00", "currency": "EUR", "buyer_accepts_marketing": true,
              "customer": { "id": {{buyer + 1}}, "email": "p{{buyer}}@buyer.example", "first_name": "Ann", "default_address": { "country_code": "US", "province_code": "CA" } },
              "line_items": [ { "title": "{{new string('x', 2_000)}}" } ] }
            """);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Shopify-Topic", "orders/create");
        request.Headers.TryAddWithoutValidation("X-Shopify-Event-Id", $"event-{order}");
        request.Headers.TryAddWithoutValidation("X-Shopify-Hmac-Sha256", HookSignature.Of(body, Encoding.UTF8.GetBytes(Secret)));
        using var answer = await shop.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }
}
