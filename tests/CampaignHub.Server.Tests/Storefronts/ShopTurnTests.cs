using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Storefronts;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>Messages that wait together are worked off together.</summary>
public sealed class ShopTurnTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task One_that_cannot_be_worked_off_holds_back_what_is_about_the_same_person_and_nobody_else()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await fixture.Service.SqlAsync($"""
            CREATE FUNCTION campaignhub.refuse_order() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not now''; END';
            CREATE TRIGGER refuse_order BEFORE INSERT ON campaignhub.storefront_orders FOR EACH ROW
                WHEN (NEW.tenant_id = '{shop.Tenant.Id}' AND NEW.order_id = '2') EXECUTE FUNCTION campaignhub.refuse_order()
            """);
        await TogetherAsync(shop, async () =>
        {
            await shop.PostAsync("orders/create", ShopBuyersTests.Order(1, "2026-01-01T00:00:00Z", "", "bob@buyer.example", 2));
            await shop.PostAsync("orders/create", ShopBuyersTests.Order(2, "2026-01-02T00:00:00Z"));
            await shop.PostAsync("orders/create", ShopBuyersTests.Order(3, "2026-01-03T00:00:00Z"));
            await shop.PostAsync("orders/create", ShopBuyersTests.Order(4, "2026-01-04T00:00:00Z", "", "bob@buyer.example", 2));
        });
        await Eventually.Async(async () => await shop.FindAsync("bob@buyer.example") is { } bob && OrdersOf(bob) == 2, "what is about others is worked off");
        (await shop.FindAsync("ann@buyer.example")).ShouldBeNull();

        await fixture.Service.SqlAsync("DROP FUNCTION campaignhub.refuse_order CASCADE");
        var storefront = await shop.SettledAsync(4);
        (storefront["messages"]!["processed"]!.GetValue<int>(), storefront["last_fault"]).ShouldBe((4, null));
        OrdersOf(await shop.RecipientAsync("ann@buyer.example")).ShouldBe(2);
        OrdersOf(await shop.RecipientAsync("bob@buyer.example")).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_shop_says_of_itself_counts_for_what_comes_right_after_it()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await TogetherAsync(shop, async () =>
        {
            await shop.PostAsync("customers/create", """{"id":1,"email":"before@buyer.example"}""");
            await shop.PostAsync("shop/update", """{"id":9,"iana_timezone":"America/Denver"}""");
            await shop.PostAsync("customers/create", """{"id":2,"email":"after@buyer.example"}""");
        });
        await shop.SettledAsync(3);
        (await shop.RecipientAsync("before@buyer.example")).Text("time_zone_source").ShouldBe("fallback");
        (await shop.RecipientAsync("after@buyer.example")).Text("time_zone").ShouldBe("America/Denver");
    }

    /// <summary>Has the shop's turn while it posts.</summary>
    private async Task TogetherAsync(Shop shop, Func<Task> post)
    {
        await using var transaction = await fixture.Service.Get<Database>().BeginAsync(shop.Tenant.Id, CancellationToken.None);
        await StorefrontStore.LockAllAsync(transaction);
        await post();
    }

    private static int OrdersOf(System.Text.Json.Nodes.JsonObject person) => person["attributes"]!["orders_count"]!.GetValue<int>();
}
