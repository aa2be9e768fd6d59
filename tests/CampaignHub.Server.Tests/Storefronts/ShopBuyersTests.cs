using System.Net;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>What becomes of a shop's people.</summary>
public sealed class ShopBuyersTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task A_customer_becomes_a_recipient_on_the_list_with_name_place_zone_and_dated_consent()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", Customer("2026-01-02T00:00:00Z", "subscribed", "2026-01-01T10:00:00+01:00", more: """
            ,"first_name":"Ann","last_name":"Lee","tags":"vip, new","default_address":{"country_code":"US","province_code":"CA","phone":"+1 415 555 0100"}
            """));
        await shop.SettledAsync(1);
        var ann = await shop.RecipientAsync("ann@buyer.example");
        (ann.Text("first_name"), ann.Text("last_name"), ann.Text("country"), ann.Text("region"), ann.Text("phone")).ShouldBe(("Ann", "Lee", "US", "CA", "+1 415 555 0100"));
        (ann.Text("time_zone"), ann.Text("time_zone_source")).ShouldBe(("America/Los_Angeles", "region"));
        ann.Consent().ShouldBe("granted shopify.shop.example 2026-01-01T09:00:00Z");
        ann["lists"]!.AsArray().Single()!.GetValue<Guid>().ShouldBe(shop.ListId);
        ann["attributes"]!.ToJsonString().ShouldBe("""{"tags":["new","vip"],"consent_level":"single_opt_in"}""");
    }

    [Fact]
    public async Task An_older_message_that_comes_late_overwrites_nothing_newer()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/update", Customer("2026-01-03T00:00:00Z", "unsubscribed", "2026-01-03T00:00:00Z", more: ""","first_name":"New","tags":"a" """));
        await shop.PostAsync("customers/update", Customer("2026-01-02T00:00:00Z", "subscribed", "2026-01-02T00:00:00Z", more: ""","first_name":"Old","last_name":"Old","tags":"b" """));
        await shop.SettledAsync(2);
        var ann = await shop.RecipientAsync("ann@buyer.example");
        (ann.Text("first_name"), ann.Text("last_name"), ann.Consent()).ShouldBe(("New", null, "withdrawn shopify.shop.example 2026-01-03T00:00:00Z"));
        ann["attributes"]!["tags"]!.ToJsonString().ShouldBe("""["a"]""");
    }

    [Fact]
    public async Task Only_a_newer_yes_lifts_a_withdrawal_and_a_field_that_is_sent_along_does_not()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        var yes = Customer("2026-01-01T00:00:00Z", "subscribed", "2026-01-01T00:00:00Z");
        await shop.PostAsync("customers/create", yes);
        await shop.SettledAsync(1);
        var id = (await shop.RecipientAsync("ann@buyer.example"))["id"];
        await shop.Tenant.Http.PatchAsync($"/v1/recipients/{id}", new { consent = new { status = "withdrawn" } }, HttpStatusCode.OK);
        await shop.PostAsync("customers/update", Customer("2026-11-01T00:00:00Z", "subscribed", "2026-01-01T00:00:00Z"));
        await shop.PostAsync("orders/create", Order(1, "2026-11-02T00:00:00Z", """ "buyer_accepts_marketing":true,"""));
        await shop.PostAsync("orders/create", Order(2, "2026-11-03T00:00:00Z", """ "buyer_accepts_marketing":true,"""));
        await shop.SettledAsync(4);
        (await shop.RecipientAsync("ann@buyer.example"))["consent"]!["status"]!.GetValue<string>().ShouldBe("withdrawn");
    }

    [Fact]
    public async Task Silence_is_unknown_a_no_withdraws_only_the_shops_own_yes_and_a_ticked_box_is_a_yes()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", """{"id":1,"email":"silent@buyer.example","updated_at":"2026-01-01T00:00:00Z"}""");
        await shop.PostAsync("orders/create", Order(1, "2026-01-01T00:00:00Z", """ "buyer_accepts_marketing":true,""", "ticked@buyer.example", 2));
        await shop.Tenant.Http.PostAsync("/v1/recipients", new { email = "api@buyer.example", consent = new { status = "granted", at = "2026-01-02" } }, HttpStatusCode.Created);
        await shop.PostAsync("customers/create", """{"id":3,"email":"api@buyer.example","updated_at":"2026-01-03T00:00:00Z","email_marketing_consent":{"state":"not_subscribed"}}""");
        await shop.PostAsync("customers_email_marketing_consent/update", """{"customer_id":4,"email_address":"no@buyer.example","email_marketing_consent":{"state":"not_subscribed"}}""");
        await shop.SettledAsync(4);
        (await shop.RecipientAsync("silent@buyer.example"))["consent"]!["status"]!.GetValue<string>().ShouldBe("unknown");
        (await shop.RecipientAsync("ticked@buyer.example")).Consent().ShouldBe("granted shopify.shop.example 2026-01-01T00:00:00Z");
        (await shop.RecipientAsync("api@buyer.example")).Consent().ShouldBe("granted api 2026-01-02T00:00:00Z");
        (await shop.RecipientAsync("no@buyer.example"))["consent"]!["status"]!.GetValue<string>().ShouldBe("unknown");

        await shop.PostAsync("customers_email_marketing_consent/update", """{"customer_id":2,"email_address":"ticked@buyer.example","email_marketing_consent":{"state":"not_subscribed"}}""");
        await shop.SettledAsync(5);
        (await shop.RecipientAsync("ticked@buyer.example"))["consent"]!["status"]!.GetValue<string>().ShouldBe("withdrawn");
    }

    [Fact]
    public async Task Orders_are_counted_and_summed_once_and_a_cancelled_one_no_more()
    {
        var shop = await Shop.ConnectAsync(fixture.Service, "woocommerce");
        await shop.PostAsync("order.created", WooOrder(1, "2026-01-01T00:00:00", "10.50", "processing"));
        await shop.PostAsync("order.updated", WooOrder(1, "2026-01-01T00:00:00", "10.50", "completed", "2026-01-02T00:00:00"));
        await shop.PostAsync("order.created", WooOrder(2, "2026-01-03T00:00:00", "5.25", "processing"));
        await shop.SettledAsync(3);
        var bought = (await shop.RecipientAsync("john@buyer.example"))["attributes"]!;
        (bought["orders_count"]!.GetValue<int>(), bought["orders_total"]!.GetValue<decimal>(), bought["orders_currency"]!.GetValue<string>(), bought["last_order_at"]!.GetValue<string>())
            .ShouldBe((2, 15.75m, "EUR", "2026-01-03T00:00:00Z"));
        await shop.PostAsync("order.updated", WooOrder(2, "2026-01-03T00:00:00", "5.25", "cancelled", "2026-01-04T00:00:00"));
        await shop.PostAsync("order.updated", WooOrder(2, "2026-01-03T00:00:00", "5.25", "processing", "2026-01-03T12:00:00")); // late
        await shop.PostAsync("order.deleted", """{"id":1}""");
        await shop.SettledAsync(6);
        (await shop.RecipientAsync("john@buyer.example"))["attributes"]!["orders_count"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_order_that_was_removed_before_it_was_told_of_counts_only_once_it_is_restored()
    {
        var shop = await Shop.ConnectAsync(fixture.Service, "woocommerce");
        await shop.PostAsync("order.deleted", """{"id":1}""");
        await shop.PostAsync("order.created", WooOrder(1, "2026-01-02T00:00:00", "10.50", "processing", "2026-01-02T00:00:00")); // late
        await shop.SettledAsync(2);
        (await shop.RecipientAsync("john@buyer.example"))["attributes"]!["orders_count"]!.GetValue<int>().ShouldBe(0);

        await shop.PostAsync("order.restored", WooOrder(1, "2026-01-02T00:00:00", "10.50", "processing", "2099-01-01T00:00:00"));
        await shop.SettledAsync(3);
        var bought = (await shop.RecipientAsync("john@buyer.example"))["attributes"]!;
        (bought["orders_count"]!.GetValue<int>(), bought["last_order_at"]!.GetValue<string>()).ShouldBe((1, "2026-01-02T00:00:00Z"));
    }

    [Fact]
    public async Task The_shops_own_zone_stands_before_a_guess_by_country_and_after_all_that_is_known()
    {
        var shop = await Shop.ConnectAsync(fixture.Service, timeZone: "America/Denver");
        await shop.PostAsync("customers/create", """{"id":1,"email":"us@buyer.example","default_address":{"country_code":"US"}}""");
        await shop.PostAsync("customers/create", """{"id":2,"email":"anywhere@buyer.example"}""");
        await shop.PostAsync("customers/create", """{"id":3,"email":"de@buyer.example","default_address":{"country_code":"DE"}}""");
        await shop.PostAsync("customers/create", """{"id":4,"email":"ny@buyer.example","default_address":{"country_code":"US","province_code":"NY"}}""");
        await shop.PostAsync("customers/create", """{"id":5,"email":"br@buyer.example","default_address":{"country_code":"BR"}}""");
        await shop.SettledAsync(5);
        (await ZoneAsync("us")).ShouldBe("America/Denver storefront");
        (await ZoneAsync("anywhere")).ShouldBe("America/Denver storefront");
        (await ZoneAsync("de")).ShouldBe("Europe/Berlin country");
        (await ZoneAsync("ny")).ShouldBe("America/New_York region");
        (await ZoneAsync("br")).ShouldBe("America/Sao_Paulo country_guess"); // the shop isn't in their country
        await shop.Tenant.Http.PostAsync("/v1/recipients/infer-zones", null).ExpectAsync(HttpStatusCode.OK);
        (await ZoneAsync("us")).ShouldBe("America/Denver storefront");
        (await ZoneAsync("br")).ShouldBe("America/Sao_Paulo country_guess");

        async Task<string> ZoneAsync(string who) =>
            await shop.RecipientAsync($"{who}@buyer.example") is var person ? $"{person["time_zone"]} {person["time_zone_source"]}" : "";
    }

    [Fact]
    public async Task Tags_that_come_and_go_in_the_wrong_order_end_as_the_shop_has_them()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", Customer("2026-01-01T00:00:00Z", null, null));
        await shop.PostAsync("customer.tags_removed", """{"customerId":"gid://shopify/Customer/1","tags":["b"],"occurredAt":"2026-01-03T00:00:00Z"}""");
        await shop.PostAsync("customer.tags_added", """{"customerId":"gid://shopify/Customer/1","tags":["a","b"],"occurredAt":"2026-01-02T00:00:00Z"}""");
        await shop.PostAsync("customer.tags_added", """{"customerId":"gid://shopify/Customer/99","tags":["x"],"occurredAt":"2026-01-02T00:00:00Z"}""");
        var storefront = await shop.SettledAsync(4);
        storefront["messages"]!["ignored"]!.GetValue<int>().ShouldBe(1);
        (await shop.RecipientAsync("ann@buyer.example"))["attributes"]!["tags"]!.ToJsonString().ShouldBe("""["a"]""");
    }

    [Fact]
    public async Task A_customer_who_changes_their_address_stays_the_same_person_and_one_without_an_address_is_nobody()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", Customer("2026-01-01T00:00:00Z", null, null));
        await shop.PostAsync("customers/create", """{"id":9,"email":null,"first_name":"Nobody"}""");
        await shop.PostAsync("checkouts/create", """{"id":5,"email":"half@buyer.exampl","customer":null,"updated_at":"2026-01-01T00:00:00Z"}""");
        await shop.SettledAsync(3);
        var before = (await shop.RecipientAsync("ann@buyer.example"))["id"]!.GetValue<Guid>();
        await shop.PostAsync("customers/update", """{"id":1,"email":"ann@new.example","updated_at":"2026-01-02T00:00:00Z"}""");
        await shop.SettledAsync(4);
        (await shop.RecipientAsync("ann@new.example"))["id"]!.GetValue<Guid>().ShouldBe(before);
        (await shop.FindAsync("ann@buyer.example")).ShouldBeNull();
        (await shop.FindAsync("half@buyer.exampl")).ShouldBeNull();
    }

    [Fact]
    public async Task A_removed_customer_leaves_the_list_and_the_shops_yes_goes_with_them()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", Customer("2026-01-01T00:00:00Z", "subscribed", "2026-01-01T00:00:00Z"));
        await shop.PostAsync("customers/delete", """{"id":1}""");
        await shop.PostAsync("customers/update", Customer("2026-01-02T00:00:00Z", "subscribed", "2026-01-01T00:00:00Z")); // late
        await shop.SettledAsync(3);
        var ann = await shop.RecipientAsync("ann@buyer.example");
        ann["consent"]!["status"]!.GetValue<string>().ShouldBe("withdrawn");
        ann["lists"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_that_cannot_be_mailed_fails_visibly_and_holds_nobody_up()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", """{"id":1,"email":"no address"}""");
        await shop.PostAsync("customers/create", """{"id":2,"email":"bob@buyer.example"}""");
        var storefront = await shop.SettledAsync(2);
        (storefront["messages"]!["failed"]!.GetValue<int>(), storefront.Text("last_fault")).ShouldBe((1, "The address has no @."));
        await shop.RecipientAsync("bob@buyer.example");
    }

    internal static string Customer(string updatedAt, string? consent, string? consentAt, string more = "") => $$"""
        {"id":1,"email":"ann@buyer.example","updated_at":"{{updatedAt}}"{{(consent is null ? "" : $$""","email_marketing_consent":{"state":"{{consent}}","opt_in_level":"single_opt_in","consent_updated_at":"{{consentAt}}"} """)}}{{more}} }
        """;

    internal static string Order(int id, string at, string more = "", string email = "ann@buyer.example", int customer = 1, string total = "10.00", string currency = "EUR") => $$"""
        {"id":{{id}},{{more}}"created_at":"{{at}}","updated_at":"{{at}}","total_price":"{{total}}","currency":"{{currency}}","customer":{"id":{{customer}},"email":"{{email}}"} }
        """;

    private static string WooOrder(int id, string at, string total, string status, string? modified = null) => $$"""
        {"id":{{id}},"status":"{{status}}","currency":"EUR","total":"{{total}}","customer_id":0,"date_created_gmt":"{{at}}","date_modified_gmt":"{{modified ?? at}}",
         "billing":{"email":"john@buyer.example","country":"DE"},"meta_data":[]}
        """;
}
