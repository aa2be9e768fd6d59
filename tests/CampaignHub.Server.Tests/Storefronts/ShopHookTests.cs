using System.Net;
using System.Text;
using CampaignHub.Core.Storefronts;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>The door: what is let in, once, and what isn't.</summary>
public sealed class ShopHookTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Ann = """{"id":1,"email":"ann@buyer.example","first_name":"Ann","updated_at":"2026-01-01T00:00:00Z"}""";

    [Theory]
    [InlineData("shopify", "customers/create")]
    [InlineData("woocommerce", "customer.created")]
    public async Task What_is_not_signed_with_the_secret_is_refused_and_nothing_of_it_stored(string kind, string topic)
    {
        var shop = await Shop.ConnectAsync(fixture.Service, kind);
        foreach (var signature in (string?[])[null, "", "x", Signature("another secret 0123", Ann), Signature(Shop.Secret, Ann + " ")])
            (await shop.SendAsync(topic, Ann, signature, "1").ExpectAsync(HttpStatusCode.Unauthorized)).ProblemType().ShouldBe("wrong_signature");
        foreach (var path in (string[])[$"/hooks/{kind}/{Guid.CreateVersion7()}", $"/hooks/{kind}/x", $"/hooks/{(kind == "shopify" ? "woocommerce" : "shopify")}/{shop.Id}"])
            await shop.SendAsync(topic, Ann, Signature(Shop.Secret, Ann), "1", path).ExpectAsync(HttpStatusCode.Unauthorized);
        await shop.SettledAsync(0);
        (await shop.FindAsync("ann@buyer.example")).ShouldBeNull();
        (await fixture.Service.Anonymous.GetStringAsync("/metrics")).ShouldMatch($"campaignhub_storefronts_refused_total\\{{[^}}]*kind=\"{kind}\"[^}}]*\\}} [1-9]");
    }

    [Fact]
    public async Task Signed_bodies_that_are_no_JSON_object_too_deep_or_too_large_are_refused_and_nothing_stored()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        foreach (var body in (string[])["", "[]", "{", "null", string.Concat(Enumerable.Repeat("{\"a\":", 33)) + "1" + new string('}', 33)])
            (await shop.SendAsync("customers/create", body, Signature(Shop.Secret, body), "1").ExpectAsync(HttpStatusCode.BadRequest)).ProblemType().ShouldBe("malformed_request");
        var large = $$"""{"id":1,"email":"{{new string('a', 2 * 1024 * 1024)}}"}""";
        await shop.SendAsync("customers/create", large, Signature(Shop.Secret, large), "1").ExpectAsync(HttpStatusCode.RequestEntityTooLarge);
        await shop.SettledAsync(0);
    }

    [Fact]
    public async Task Ten_replays_have_one_effect_and_topics_that_are_not_known_are_kept_and_ignored()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        for (var i = 0; i < 10; i++)
            await shop.PostAsync("customers/create", Ann, "event-1");
        await shop.PostAsync("something/new", """{"unknown":{"field":[1,2]}}""");
        var storefront = await shop.SettledAsync(2);
        (storefront["messages"]!["processed"]!.GetValue<int>(), storefront["messages"]!["ignored"]!.GetValue<int>()).ShouldBe((1, 1));
        storefront["last_fault"].ShouldBeNull();
        (await shop.RecipientAsync("ann@buyer.example")).Text("first_name").ShouldBe("Ann");
    }

    [Fact]
    public async Task What_one_action_does_to_two_people_shares_an_event_id_and_counts_for_both()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        await shop.PostAsync("customers/create", Ann, "event-1");
        await shop.PostAsync("customers/create", """{"id":2,"email":"bob@buyer.example"}""", "event-1");
        await shop.SettledAsync(2);
        await shop.RecipientAsync("bob@buyer.example");
    }

    [Fact]
    public async Task Delivery_ids_of_WooCommerce_that_collide_within_a_second_swallow_nothing_and_its_ping_is_answered()
    {
        var shop = await Shop.ConnectAsync(fixture.Service, "woocommerce");
        (await shop.SendAsync("", "webhook_id=12", null, "").ExpectAsync(HttpStatusCode.OK)).ShouldBeEmpty();
        await shop.SendAsync("", "webhook_id=12&email=x", null, "").ExpectAsync(HttpStatusCode.Unauthorized);
        await shop.PostAsync("customer.created", """{"id":1,"email":"ann@buyer.example"}""", "same");
        await shop.PostAsync("customer.created", """{"id":2,"email":"bob@buyer.example"}""", "same");
        await shop.PostAsync("customer.created", """{"id":2,"email":"bob@buyer.example"}""", "same");
        await shop.SettledAsync(2);
        await shop.RecipientAsync("ann@buyer.example");
        await shop.RecipientAsync("bob@buyer.example");
    }

    [Fact]
    public async Task During_a_rotation_both_secrets_count_until_the_new_one_is_given_again()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        const string next = "shpss_fedcba9876543210";
        var changed = await shop.Tenant.Http.PatchAsync($"/v1/storefronts/{shop.Id}", new { secret = next }, HttpStatusCode.OK);
        changed["former_secret_until"].ShouldNotBeNull();
        await shop.PostAsync("customers/create", Ann);
        await shop.PostAsync("customers/create", Ann, secret: next);
        (await shop.Tenant.Http.PatchAsync($"/v1/storefronts/{shop.Id}", new { secret = next }, HttpStatusCode.OK))["former_secret_until"].ShouldBeNull();
        await shop.SendAsync("customers/create", Ann, Signature(Shop.Secret, Ann), "1").ExpectAsync(HttpStatusCode.Unauthorized);
        await shop.PostAsync("customers/create", Ann, secret: next);
        await shop.SettledAsync(3);
    }

    [Fact]
    public async Task A_storefront_is_changed_listed_and_removed_and_its_secret_never_shown()
    {
        var shop = await Shop.ConnectAsync(fixture.Service);
        var http = shop.Tenant.Http;
        foreach (var (body, field) in ((object, string)[])
        [
            (new { domain = "not a domain" }, "domain"), (new { list_id = Guid.CreateVersion7() }, "list_id"), (new { secret = "short" }, "secret"),
            (new { time_zone = "Nowhere/Else" }, "time_zone"), (new { name = "" }, "name"),
        ])
            (await http.PatchAsync($"/v1/storefronts/{shop.Id}", body, HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldNotBeNull(field);
        (await http.PostAsync("/v1/storefronts", new { kind = "etsy", name = "x", domain = "x.example", secret = Shop.Secret, list_id = shop.ListId }, HttpStatusCode.UnprocessableEntity))
            .FieldCode("kind").ShouldNotBeNull();
        await http.PatchAsync($"/v1/storefronts/{shop.Id}", new { name = "Other", time_zone = "Europe/Berlin" }, HttpStatusCode.OK);
        var listed = await http.GetStringAsync("/v1/storefronts");
        listed.ShouldContain("Other");
        listed.ShouldNotContain(Shop.Secret);
        (await http.DeleteAsync($"/v1/lists/{shop.ListId}").ExpectAsync(HttpStatusCode.Conflict)).ProblemType().ShouldBe("in_use");
        await http.DeleteAsync($"/v1/storefronts/{shop.Id}").ExpectAsync(HttpStatusCode.NoContent);
        await shop.SendAsync("customers/create", Ann, Signature(Shop.Secret, Ann), "1").ExpectAsync(HttpStatusCode.Unauthorized);
        await http.DeleteAsync($"/v1/lists/{shop.ListId}").ExpectAsync(HttpStatusCode.NoContent);
    }

    private static string Signature(string secret, string body) => HookSignature.Of(Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(secret));
}
