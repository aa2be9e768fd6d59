using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>What the law lets a shop's people ask for.</summary>
public sealed class PrivacyTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task A_redacted_customer_is_erased_wherever_they_stood_and_the_proof_names_nobody()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", ShopBuyersTests.Customer("2026-01-01T00:00:00Z", "subscribed", "2026-01-01T00:00:00Z"));
        await shop.PostAsync("orders/create", ShopBuyersTests.Order(1, "2026-01-02T00:00:00Z"));
        await shop.PostAsync("customers/create", """{"id":2,"email":"bob@buyer.example"}""");
        await shop.PostAsync("customers/redact", """{"shop_domain":"shop.example","customer":{"id":1,"email":"ann@buyer.example","phone":"1"},"orders_to_redact":[1]}""");
        var proof = await DoneAsync(shop);

        (proof.Text("kind"), proof.Text("customer_id"), proof.Text("domain"), proof["recipient_id"]).ShouldBe(("customer_redact", "1", "shopify.shop.example", null));
        proof["erased"]!.ToJsonString().ShouldBe("""{"recipients":1,"messages":3,"orders":1}""");
        (await shop.FindAsync("ann@buyer.example")).ShouldBeNull();
        await shop.RecipientAsync("bob@buyer.example");
        await KnowsNothingOfAsync("ann@buyer.example", shop);

        // What had been on its way, and a replay, don't bring them back.
        await shop.PostAsync("customers/update", ShopBuyersTests.Customer("2026-01-03T00:00:00Z", "subscribed", "2026-01-03T00:00:00Z"));
        await shop.SettledAsync(5);
        (await shop.FindAsync("ann@buyer.example")).ShouldBeNull();
        await KnowsNothingOfAsync("ann@buyer.example", shop);
    }

    [Fact]
    public async Task Somebody_whom_the_shop_never_told_of_is_erased_by_their_address()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.Tenant.Http.PostAsync("/v1/recipients", new { email = "cara@buyer.example" }, System.Net.HttpStatusCode.Created);
        await shop.PostAsync("customers/redact", """{"customer":{"id":7,"email":"Cara@buyer.example"}}""");
        (await DoneAsync(shop))["erased"]!["recipients"]!.GetValue<int>().ShouldBe(1);
        (await shop.FindAsync("cara@buyer.example")).ShouldBeNull();
    }

    [Fact]
    public async Task Somebody_who_is_deleted_here_takes_along_what_shops_posted_about_them_and_nobody_elses()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        var other = await Shop.ConnectAsync(fixture.Service, "woocommerce", shop.Tenant, listId: shop.ListId);
        await shop.PostAsync("customers/create", """{"id":1,"email":"ann@older.example","updated_at":"2026-01-01T00:00:00Z"}""");
        await shop.PostAsync("customers/update", ShopBuyersTests.Customer("2026-01-02T00:00:00Z", "subscribed", "2026-01-01T00:00:00Z"));
        await shop.PostAsync("unknown/topic", """{"email":"ann@buyer.example","said":"by address alone"}""");
        await shop.PostAsync("customers/create", """{"id":2,"email":"bob@buyer.example"}""");
        await other.PostAsync("checkout.mentioned", """{"email":"ann@buyer.example"}""");
        await shop.SettledAsync(4);
        await other.SettledAsync(1);
        var ann = (await shop.RecipientAsync("ann@buyer.example"))["id"];
        var posted = (await shop.Tenant.Http.GetJsonAsync($"/v1/recipients/{ann}/export"))["storefront_messages"]!.AsArray();
        posted.Select(post => post!["topic"]!.GetValue<string>()).ShouldBe(["customers/create", "customers/update", "unknown/topic", "checkout.mentioned"], ignoreOrder: true);
        posted.ShouldContain(post => post!["payload"]!.GetValue<string>().Contains("by address alone"));

        (await shop.Tenant.Http.DeleteAsync($"/v1/recipients/{ann}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);

        await KnowsNothingOfAsync("ann@buyer.example", shop);
        await KnowsNothingOfAsync("ann@older.example", shop);
        var bob = (await shop.RecipientAsync("bob@buyer.example"))["id"];
        (await shop.Tenant.Http.GetJsonAsync($"/v1/recipients/{bob}/export"))["storefront_messages"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_redacted_shop_takes_along_whom_it_brought_and_leaves_whom_another_knows()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.Tenant.Http.PostAsync("/v1/recipients", new { email = "api@buyer.example" }, System.Net.HttpStatusCode.Created);
        var other = await Shop.ConnectAsync(fixture.Service, "woocommerce", shop.Tenant, listId: shop.ListId);
        await shop.PostAsync("customers/create", """{"id":1,"email":"ours@buyer.example"}""");
        await shop.PostAsync("customers/create", """{"id":2,"email":"both@buyer.example"}""");
        await shop.PostAsync("customers/create", """{"id":3,"email":"api@buyer.example"}""");
        await shop.SettledAsync(3);
        await other.PostAsync("customer.created", """{"id":2,"email":"both@buyer.example"}""");
        await other.SettledAsync(1);
        await shop.PostAsync("shop/redact", """{"shop_id":1,"shop_domain":"shop.example"}""");
        (await DoneAsync(shop))["erased"]!["recipients"]!.GetValue<int>().ShouldBe(1);
        (await shop.FindAsync("ours@buyer.example")).ShouldBeNull();
        await shop.RecipientAsync("both@buyer.example");
        await shop.RecipientAsync("api@buyer.example");
    }

    [Fact]
    public async Task A_data_request_is_listed_with_the_recipient_to_export()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", """{"id":1,"email":"ann@buyer.example"}""");
        await shop.PostAsync("customers/data_request", """{"customer":{"id":1,"email":"ann@buyer.example"},"data_request":{"id":9}}""");
        await shop.SettledAsync(2);
        var request = (await shop.Tenant.Http.GetJsonAsync("/v1/privacy-requests"))["data"]!.AsArray().Single()!.AsObject();
        (request.Text("kind"), request["done_at"]).ShouldBe(("data_request", null));
        request["recipient_id"]!.GetValue<Guid>().ShouldBe((await shop.RecipientAsync("ann@buyer.example"))["id"]!.GetValue<Guid>());
        (await (await fixture.Service.NewTenantAsync()).Http.GetJsonAsync("/v1/privacy-requests"))["data"]!.AsArray().ShouldBeEmpty();
    }

    private static Task<JsonObject> DoneAsync(Shop shop) => Eventually.Async(
        async () => (await shop.Tenant.Http.GetJsonAsync("/v1/privacy-requests"))["data"]!.AsArray().FirstOrDefault()?.AsObject() ?? [],
        request => request["done_at"] is not null, "the erasure is done");

    private async Task KnowsNothingOfAsync(string email, Shop shop)
    {
        foreach (var table in (string[])["storefront_messages", "storefront_customers", "storefront_orders", "privacy_requests", "recipients"])
            (await fixture.Service.HasRowAsync($"""
                SELECT FROM campaignhub.{table} t WHERE t.tenant_id = '{shop.Tenant.Id}'
                  AND (t::text LIKE '%{email}%' {(table == "storefront_messages" ? $"OR position('{email}'::bytea IN t.payload) > 0" : "")})
                """)).ShouldBeFalse(table);
    }
}
