using System.Text;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Storefronts;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Storefronts;

/// <summary>The shops' own documented payloads, of two versions of Shopify's API and of WooCommerce's, in our words.</summary>
public sealed class ShopMessagesTests
{
    private const string Shopify = "04-webhooks/shopify";
    private const string Woo = "04-webhooks/woocommerce";

    [CorpusFact(Shopify)]
    public void Every_payload_of_Shopify_is_read_in_both_versions()
    {
        foreach (var version in (string[])["2025-01", "2026-04"])
        {
            var acts = Directory.EnumerateFiles(Corpora.Find($"{Shopify}/{version}")!).ToDictionary(
                file => Path.GetFileNameWithoutExtension(file)!, file => ShopMessages.Read(StorefrontKind.Shopify, TopicOf(file), File.ReadAllBytes(file)).ShouldNotBeNull(file));
            acts.Count.ShouldBe(28);
            Names(acts, ShopAct.Tell).ShouldBe(
            [
                "customers__create", "customers__disable", "customers__enable", "customers__update", "customers_email_marketing_consent__update",
                "orders__cancelled", "orders__create", "orders__fulfilled", "orders__paid", "orders__updated",
            ]);
            Names(acts, ShopAct.Update).ShouldBe(["checkouts__create", "checkouts__update", "customer.tags_added", "customer.tags_removed"]);
            Names(acts, ShopAct.Nothing).ShouldBe(
                ["carts__create", "carts__update", "checkouts__delete", "customers__merge", "customers_marketing_consent__update", "domains__update", "products__update", "refunds__create"]);
            acts.Values.ShouldAllBe(message => message.Fault == null);
            // Everybody who is told of can be found again, by the shop's number or by address.
            acts.Values.Where(m => m.Act is ShopAct.Tell or ShopAct.Update or ShopAct.Remove or ShopAct.Redact or ShopAct.RequestData)
                .ShouldAllBe(m => m.CustomerId != null || m.Email != null);
        }
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"id":1,"emai\udc00":"ann@buyer.example"}""")]
    public void A_name_that_is_no_text_makes_a_payload_unreadable(string body)
    {
        foreach (var (kind, topic) in (IEnumerable<(StorefrontKind, string)>)[(StorefrontKind.Shopify, "customers/create"), (StorefrontKind.Woocommerce, "customer.created"), (StorefrontKind.Shopify, "carts/create")])
            ShopMessages.Read(kind, topic, Encoding.UTF8.GetBytes(body)).ShouldBeNull(topic);
    }

    [CorpusFact(Shopify)]
    public void A_customer_of_Shopify_has_their_name_place_and_phone()
    {
        var bob = Read(StorefrontKind.Shopify, "customers/create", $"{Shopify}/2026-04/customers__create.json");
        (bob.CustomerId, bob.Email!.Address, bob.Person.FirstName, bob.Person.LastName).ShouldBe(("706405506930370084", "bob@biller.com", "Bob", "Biller"));
        (bob.Person.Country, bob.Person.Region, bob.Person.Phone, bob.Person.Tags).ShouldBe(("CA", "ON", "555-555-5555", null));
        bob.At.ShouldBe(Instant.FromUtc(2022, 1, 1, 0, 0));
        bob.Consent.ShouldBeNull();
        Read(StorefrontKind.Shopify, "customers/create", $"{Shopify}/2025-01/customers__create.json").Email.ShouldBeNull();
    }

    [CorpusFact(Shopify)]
    public void An_order_of_Shopify_has_its_buyer_its_sum_and_the_ticked_box()
    {
        var order = Read(StorefrontKind.Shopify, "orders/create", $"{Shopify}/2026-04/orders__create.json");
        order.Order.ShouldBe(new ShopOrder("820982911946154508", Instant.FromUtc(2022, 1, 1, 0, 0), 414.95m, "USD", Counts: false)); // a cancelled test
        (order.CustomerId, order.Email!.Address, order.Person.Locale).ShouldBe(("115310627314723954", "john@example.com", "en"));
        order.Consent.ShouldBe(new ShopConsent(ConsentStatement.Granted, null, IsTicked: true));
    }

    [CorpusFact(Shopify)]
    public void Consent_tags_and_privacy_of_Shopify_are_read()
    {
        var consent = Read(StorefrontKind.Shopify, "customers_email_marketing_consent/update", $"{Shopify}/2026-04/customers_email_marketing_consent__update.json");
        (consent.Email!.Address, consent.Consent!.Statement).ShouldBe(("bob@biller.com", ConsentStatement.Refused));
        var tags = Read(StorefrontKind.Shopify, "customer.tags_added", $"{Shopify}/2026-04/customer.tags_added.json");
        tags.CustomerId.ShouldBe("1");
        tags.Person.AddedTags.ShouldBe(["tag1", "tag2"]);
        var redact = Read(StorefrontKind.Shopify, "customers/redact", $"{Shopify}/2026-04/customers__redact.json");
        (redact.Act, redact.CustomerId, redact.Email!.Address).ShouldBe((ShopAct.Redact, "191167", "john@example.com"));
        Read(StorefrontKind.Shopify, "app/uninstalled", $"{Shopify}/2026-04/app__uninstalled.json").IsUninstalled.ShouldBeTrue();
    }

    [CorpusFact(Woo)]
    public void Customers_and_orders_of_WooCommerce_are_read()
    {
        var john = Read(StorefrontKind.Woocommerce, "customer.created", $"{Woo}/customer--create-a-customer.json");
        (john.CustomerId, john.Email!.Address, john.Person.FirstName, john.Person.Country, john.Person.Region, john.Person.Phone)
            .ShouldBe(("25", "john.doe@example.com", "John", "US", "CA", "(555) 555-5555"));
        john.At.ShouldBe(Instant.FromUtc(2017, 3, 21, 19, 9, 30));
        var order = Read(StorefrontKind.Woocommerce, "order.created", $"{Woo}/order--create-an-order.json");
        (order.CustomerId, order.Email!.Address).ShouldBe((null, "john.doe@example.com")); // a guest
        order.Order.ShouldBe(new ShopOrder("727", Instant.FromUtc(2017, 3, 22, 19, 28, 2), 29.35m, "USD", Counts: true));
        foreach (var file in Directory.EnumerateFiles(Corpora.Find(Woo)!))
            foreach (var topic in (string[])["customer.updated", "customer.deleted", "order.updated", "product.updated"])
                Should.NotThrow(() => ShopMessages.Read(StorefrontKind.Woocommerce, topic, File.ReadAllBytes(file)));
    }

    [Theory]
    [InlineData("subscribed", ConsentStatement.Granted)]
    [InlineData("SUBSCRIBED", ConsentStatement.Granted)]
    [InlineData("pending", ConsentStatement.Pending)]
    [InlineData("not_subscribed", ConsentStatement.Refused)]
    [InlineData("unsubscribed", ConsentStatement.Withdrawn)]
    [InlineData("redacted", ConsentStatement.Withdrawn)]
    [InlineData("invalid", ConsentStatement.Refused)]
    public void Each_state_of_Shopify_says_something(string state, ConsentStatement statement)
    {
        var message = Read(StorefrontKind.Shopify, "customers/update", Bytes($$"""
            { "id": 1, "email": "ann@example.com", "email_marketing_consent": { "state": "{{state}}", "opt_in_level": "confirmed_opt_in", "consent_updated_at": "2026-01-02T03:04:05+01:00" } }
            """));
        message.Consent.ShouldBe(new ShopConsent(statement, Instant.FromUtc(2026, 1, 2, 2, 4, 5), "confirmed_opt_in"));
    }

    [Theory]
    [InlineData("""{"key":"mailchimp_woocommerce_is_subscribed","value":"1"}""", ConsentStatement.Granted)]
    [InlineData("""{"key":"_mc4wp_optin","value":"yes"}""", ConsentStatement.Granted)]
    [InlineData("""{"key":"_accepts_marketing","value":true}""", ConsentStatement.Granted)]
    [InlineData("""{"key":"marketing_opt_in","value":"0"}""", ConsentStatement.Refused)]
    [InlineData("""{"key":"mailchimp_woocommerce_is_subscribed","value":"archived"}""", null)]
    [InlineData("""{"key":"something_else","value":"yes"}""", null)]
    [InlineData("""{"key":"marketing_opt_in","value":{"a":1}}""", null)]
    public void Opt_in_fields_of_WooCommerce_say_something_and_others_nothing(string meta, ConsentStatement? statement) =>
        (Read(StorefrontKind.Woocommerce, "customer.updated", Bytes("{\"id\":1,\"email\":\"ann@example.com\",\"meta_data\":[" + meta + "]}"))
            .Consent?.Statement).ShouldBe(statement);

    [Theory]
    [InlineData("""{"customer":{"id":7,"email":"Ann@buyer.example"}}""", "7", "Ann@buyer.example")]
    [InlineData("""{"customer_id":7,"billing":{"email":"ann@buyer.example"}}""", "7", "ann@buyer.example")]
    [InlineData("""{"id":7,"email":"ann@buyer.example"}""", null, "ann@buyer.example")]
    [InlineData("""{"id":7,"customer":"Ann","email":["x"]}""", null, null)]
    public void What_asks_for_nothing_says_all_the_same_whom_it_seems_to_be_about(string body, string? customer, string? email)
    {
        foreach (var kind in Enum.GetValues<StorefrontKind>())
        {
            var message = ShopMessages.Read(kind, "something/new", Encoding.UTF8.GetBytes(body)).ShouldNotBeNull();
            (message.Act, message.CustomerId, message.Email?.Address).ShouldBe((ShopAct.Nothing, customer, email));
        }
    }

    [Fact]
    public void A_word_that_the_shop_only_repeats_is_silence_and_a_changed_one_counts_from_its_message()
    {
        var (now, said) = (Instant.FromUtc(2026, 1, 1, 0, 0), new ShopConsent(ConsentStatement.Granted, null));
        said.Beside(null, now).ShouldBe(said);
        said.Beside(ConsentStatement.Granted, now).Statement.ShouldBe(ConsentStatement.Silent);
        said.Beside(ConsentStatement.Refused, now).At.ShouldBe(now);
        (said with { IsTicked = true }).Beside(null, now).At.ShouldBe(now);
        (said with { At = now }).Beside(ConsentStatement.Granted, now).Statement.ShouldBe(ConsentStatement.Granted);
    }

    [Fact]
    public void Hostile_payloads_are_read_or_refused_and_never_throw()
    {
        foreach (var topic in (string[])["customers/update", "orders/create", "customer.tags_added", "customers/redact", "customer.updated", "order.updated"])
        {
            foreach (var body in (string[])
            [
                "", "[]", "null", "7", "{", "\"x\"", "{\"id\":", new string('[', 100_000), "{\"customer\":" + string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1",
                """{"id":{},"email":[],"customer":7,"meta_data":{},"tags":{"a":1},"billing":[],"default_address":"x"}""",
                """{"id":"'; DROP TABLE x","email":"a@b\u0000.example","first_name":"\ud800","total_price":"NaN","currency":"usd","created_at":"9999-99-99T99:99:99Z"}""",
                """{"id":1e400,"email":"ann@example.com","total_price":"1e30","currency":"USD","created_at":"2026-01-01T00:00:00Z","tags":[null,{},[],7,"\ud800"]}""",
                $$"""{"id":1,"email":"{{new string('a', 100_000)}}@example.com","first_name":"{{new string('x', 100_000)}}"}""",
            ])
                foreach (var kind in Enum.GetValues<StorefrontKind>())
                    Should.NotThrow(() => ShopMessages.Read(kind, topic, Bytes(body)), body.Length > 200 ? body[..200] : body);
        }
        ShopMessages.Read(StorefrontKind.Shopify, "customers/update", Bytes(new string('[', 33))).ShouldBeNull();
        Read(StorefrontKind.Shopify, "orders/create", Bytes("""{"id":1,"email":"ann@example.com"}""")).Fault.ShouldNotBeNull();
        Read(StorefrontKind.Shopify, "customers/create", Bytes("""{"id":1,"email":"not an address"}""")).Fault.ShouldNotBeNull();
    }

    [Fact]
    public void Any_cut_or_changed_byte_of_a_payload_is_survived()
    {
        var whole = Encoding.UTF8.GetBytes("""
            {"id":1,"email":"ann@example.com","updated_at":"2026-01-01T00:00:00Z","created_at":"2026-01-01T00:00:00Z","total_price":"1.00","currency":"EUR",
             "default_address":{"country_code":"US","province_code":"CA","phone":"+1 415 555 0100"},"tags":"a, b","email_marketing_consent":{"state":"subscribed","consent_updated_at":"2026-01-01T00:00:00Z"}}
            """);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool, Gen.Int[0, 2]).Sample((at, value, isCut, topic) =>
        {
            var damaged = isCut ? whole[..at] : [.. whole[..at], value, .. whole[(at + 1)..]];
            ShopMessages.Read(StorefrontKind.Shopify, ((string[])["customers/update", "orders/create", "checkouts/create"])[topic], damaged);
        });
    }

    [Fact]
    public void A_signature_holds_for_these_bytes_under_either_secret_and_for_nothing_else()
    {
        var (old, current, body) = (Bytes("old secret"), Bytes("new secret"), Bytes("""{"id":1}"""));
        HookSignature.IsValid(body, HookSignature.Of(body, current), [current]).ShouldBeTrue();
        HookSignature.IsValid(body, HookSignature.Of(body, old), [current, old]).ShouldBeTrue();
        HookSignature.IsValid(body, HookSignature.Of(body, old), [current]).ShouldBeFalse();
        HookSignature.IsValid(Bytes("""{"id":2}"""), HookSignature.Of(body, current), [current]).ShouldBeFalse();
        foreach (var forged in (string?[])[null, "", "x", new string('A', 44), new string('=', 44), HookSignature.Of(body, current).ToLowerInvariant(), HookSignature.Of(body, current) + " "])
            HookSignature.IsValid(body, forged, [current]).ShouldBeFalse(forged);
        // RFC 4231, case 2, as Base64.
        HookSignature.Of(Bytes("what do ya want for nothing?"), Bytes("Jefe")).ShouldBe("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }

    private static string TopicOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name.Replace("__", "/", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(Dictionary<string, ShopMessage> messages, ShopAct act) =>
        messages.Where(m => m.Value.Act == act).Select(m => m.Key).Order(StringComparer.Ordinal);

    private static ShopMessage Read(StorefrontKind kind, string topic, string corpusFile) => Read(kind, topic, File.ReadAllBytes(Corpora.Find(corpusFile)!));

    private static ShopMessage Read(StorefrontKind kind, string topic, byte[] body) => ShopMessages.Read(kind, topic, body).ShouldNotBeNull();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
