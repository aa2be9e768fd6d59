using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Storefronts.Syncs;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>A shop that is read through its own API. The service runs no workers: the test's own reads a fake of the shop.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async Task InitializeAsync() => _service = await TestService.StartAsync("--CampaignHub:Role=api");

    [Theory]
    [InlineData("shopify", "shpat_token")]
    [InlineData("woocommerce", "ck_key:cs_secret")]
    public async Task All_customers_and_orders_are_read_in_pages_and_a_second_sync_changes_nothing(string kind, string token)
    {
        var shop = await ConnectAsync(kind, token);
        using var fake = new FakeShop();
        (await SyncedAsync(shop, fake)).ToJsonString().ShouldContain("""
            "status":"finished","customers":120,"orders":120,"faults":0,"problem":null
            """.Trim());
        fake.Calls.Count.ShouldBe(6);
        var last = await shop.RecipientAsync("p120@buyer.example");
        (last.Text("first_name"), last.Text("country"), last["consent"]!["status"]!.GetValue<string>()).ShouldBe(("P120", "DE", "granted"));
        (last["attributes"]!["orders_count"]!.GetValue<int>(), last["attributes"]!["orders_total"]!.GetValue<decimal>()).ShouldBe((1, 10.5m));
        (await shop.Tenant.Http.GetJsonAsync($"/v1/lists/{shop.ListId}"))["recipients"]!.GetValue<int>().ShouldBe(120);

        await SyncedAsync(shop, fake);
        var again = await shop.RecipientAsync("p120@buyer.example");
        again.ToJsonString().ShouldBe(last.ToJsonString());
    }

    [Fact]
    public async Task A_page_that_the_shop_puts_off_is_asked_for_again_and_none_is_left_out()
    {
        var shop = await ConnectAsync("shopify", "shpat_token");
        using var fake = new FakeShop();
        fake.ThrottleNext();
        fake.FailNext(HttpStatusCode.TooManyRequests, retryAfterSeconds: 1);
        var sync = await SyncedAsync(shop, fake);
        (sync["status"]!.GetValue<string>(), sync["customers"]!.GetValue<int>(), sync["orders"]!.GetValue<int>()).ShouldBe(("finished", 120, 120));
        fake.Calls.Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_sync_that_is_cut_off_again_and_again_goes_on_where_it_was()
    {
        var shop = await ConnectAsync("shopify", "shpat_token");
        using var fake = new FakeShop();
        await shop.Tenant.Http.PostAsync($"/v1/storefronts/{shop.Id}/sync", null).ExpectAsync(HttpStatusCode.Accepted);
        for (var i = 1; (await StateAsync(shop))["status"]!.GetValue<string>() == "running"; i++)
        {
            i.ShouldBeLessThan(100);
            using var worker = Worker(fake);
            await worker.StartAsync(CancellationToken.None);
            await Task.Delay(50 * i); // At first too short for a page.
            await worker.StopAsync(CancellationToken.None);
            // One that was cut off holds its page until its time is up.
            await _service.SqlAsync("UPDATE campaignhub.storefront_syncs SET next_attempt_at = clock_timestamp()");
        }
        var sync = await StateAsync(shop);
        (sync["status"]!.GetValue<string>(), sync["customers"]!.GetValue<int>(), sync["orders"]!.GetValue<int>()).ShouldBe(("finished", 120, 120));
        (await shop.Tenant.Http.GetJsonAsync($"/v1/lists/{shop.ListId}"))["recipients"]!.GetValue<int>().ShouldBe(120);
    }

    [Fact]
    public async Task A_token_that_the_shop_refuses_fails_in_words_and_without_one_there_is_no_sync()
    {
        var shop = await ConnectAsync("shopify", "shpat_wrong");
        using var fake = new FakeShop();
        var sync = await SyncedAsync(shop, fake);
        (sync["status"]!.GetValue<string>(), sync["problem"]!.GetValue<string>()).ShouldBe(("failed", "The shop refuses the access token (401): give one that may read customers and orders."));
        var path = $"/v1/storefronts/{shop.Id}";
        (await shop.Tenant.Http.PatchAsync(path, new { domain = "other.example" }, HttpStatusCode.UnprocessableEntity)).FieldCode("access_token").ShouldBe("required");
        await shop.Tenant.Http.PatchAsync(path, new { access_token = (string?)null }, HttpStatusCode.OK);
        (await shop.Tenant.Http.PostAsync($"{path}/sync", null).ExpectAsync(HttpStatusCode.Conflict)).ProblemType().ShouldBe("state_conflict");
    }

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    private async Task<Shop> ConnectAsync(string kind, string token)
    {
        var shop = await Shop.ConnectAsync(_service, kind);
        (await shop.Tenant.Http.PatchAsync($"/v1/storefronts/{shop.Id}", new { access_token = token }, HttpStatusCode.OK)).ToJsonString().ShouldNotContain(token);
        return shop;
    }

    private async Task<JsonObject> SyncedAsync(Shop shop, FakeShop fake)
    {
        await shop.Tenant.Http.PostAsync($"/v1/storefronts/{shop.Id}/sync", null).ExpectAsync(HttpStatusCode.Accepted);
        using var worker = Worker(fake);
        await worker.StartAsync(CancellationToken.None);
        var sync = await Eventually.Async(() => StateAsync(shop), s => s["status"]!.GetValue<string>() != "running", "the sync ends");
        await worker.StopAsync(CancellationToken.None);
        return sync;
    }

    private static Task<JsonObject> StateAsync(Shop shop) => shop.Tenant.Http.GetJsonAsync($"/v1/storefronts/{shop.Id}/sync");

    private StorefrontSyncs Worker(FakeShop fake) => new(
        _service.Get<Database>(), new ShopApi(fake), _service.Get<KeyRing>(), _service.Get<IClock>(), new WorkSignal(), new WorkerHealth(), NullLogger<StorefrontSyncs>.Instance);
}
