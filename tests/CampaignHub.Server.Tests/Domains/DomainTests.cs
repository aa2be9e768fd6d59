using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Outside;

namespace CampaignHub.Server.Tests.Domains;

public sealed class DomainTests(DomainsFixture fixture) : IClassFixture<DomainsFixture>
{
    private readonly TestService _service = fixture.Service;
    private readonly DnsResponder _dns = fixture.Dns;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_new_domain_shows_what_to_publish_and_why()
    {
        var made = await Http.NewDomainAsync("New.Shop.Example");
        (made["name"]!.GetValue<string>(), made["kind"]!.GetValue<string>(), made.IsVerified()).ShouldBe(("new.shop.example", "sending", false));
        (await Http.GetJsonAsync(made.Path())).ToJsonString().ShouldBe(made.ToJsonString());

        var (rsa, ed25519) = (made.Keys()[0], made.Keys()[1]);
        rsa.Host().ShouldMatch(@"^ch1r-[0-9a-f]{6}\._domainkey\.new\.shop\.example$");
        ed25519.Host().ShouldMatch(@"^ch1e-[0-9a-f]{6}\._domainkey\.new\.shop\.example$");
        rsa["value"]!.GetValue<string>().Split("\" \"").Select(s => s.Trim('"').Length).ShouldBe([255, rsa.Text().Length - 255]);
        using var publicKey = RSA.Create();
        publicKey.ImportSubjectPublicKeyInfo(Key(rsa), out _);
        publicKey.KeySize.ShouldBe(2048);
        Key(ed25519).Length.ShouldBe(32);
        made.Records().Select(r => r["required"]!.GetValue<bool>()).ShouldBe([true, true, false, false]);
        made.RecordAt("_dmarc.new.shop.example").Text().ShouldBe("v=DMARC1; p=none");
        made.Records().ShouldAllBe(r => r["type"]!.GetValue<string>() == "TXT" && r["why"]!.GetValue<string>().Length > 20 && r["ok"] == null && r["last_checked"] == null);
    }

    [Fact]
    public async Task Records_published_as_shown_verify_the_domain()
    {
        var made = await Http.NewDomainAsync("right.example");
        _dns.PublishKeys(made);
        _dns.Publish("right.example", "site-verification=1", "v=spf1 include:_spf.provider.example ~all");
        _dns.Publish("_dmarc.right.example", "v=DMARC1; p=none");

        var verified = await Http.VerifiedAsync(made);
        verified["problem"].ShouldBeNull();
        verified.Records().ShouldAllBe(r => r.Ok() == true && r["last_checked"] != null && r["found"]!.AsArray().Count == 1);
        verified.Keys()[0]["found"]![0]!.GetValue<string>().ShouldBe(made.Keys()[0].Text());
        (await Http.GetJsonAsync(made.Path())).ToJsonString().ShouldBe(verified.ToJsonString());
    }

    [Fact]
    public async Task Without_SPF_and_DMARC_it_is_verified_and_told_what_is_missing()
    {
        var made = await Http.NewDomainAsync("bare.example");
        _dns.PublishKeys(made);
        var verified = await Http.VerifiedAsync(made);
        verified.RecordAt("bare.example").Problem().ShouldBe("The domain has no SPF record.");
        verified.RecordAt("_dmarc.bare.example").Ok().ShouldBe(false);
    }

    [Fact]
    public async Task What_is_not_there_is_said_of_each_record_and_of_the_domain()
    {
        var made = await Http.NewDomainAsync("missing.example");
        var checkedOnce = await Http.VerifyAsync(made);
        checkedOnce.IsVerified().ShouldBeFalse();
        checkedOnce.Keys().ShouldAllBe(r => r.Ok() == false && r["found"]!.AsArray().Count == 0 && r.Problem() == "There is no TXT record here.");
        checkedOnce["problem"]!.GetValue<string>().ShouldBe($"{made.Keys()[0].Host()}: There is no TXT record here.");
    }

    [Theory]
    [InlineData("wrong-key", "another key", "v=DKIM1; k=rsa; p=AAAA")]
    [InlineData("revoked", "revoked", "v=DKIM1; p=")]
    [InlineData("two", "2 TXT records", "v=DKIM1; k=rsa; p=AAAA", "v=DKIM1; k=rsa; p=BBBB")]
    [InlineData("garbage", "no list of tags", "\u0000\u00ff\\ hello")]
    public async Task A_wrong_record_is_shown_with_what_was_found_and_does_not_verify(string name, string why, params string[] texts)
    {
        var made = await Http.NewDomainAsync($"{name}.example");
        _dns.PublishKeys(made);
        _dns.Publish(made.Keys()[0].Host(), texts);

        var found = await Http.VerifyAsync(made);

        found.IsVerified().ShouldBeFalse();
        found.Keys()[0].Problem().ShouldNotBeNull().ShouldContain(why);
        found.Keys()[0]["found"]!.AsArray().Count.ShouldBe(texts.Length);
        found.Keys()[1].Ok().ShouldBe(true);
    }

    [Fact]
    public async Task A_record_split_elsewhere_or_reached_by_an_alias_is_right()
    {
        var made = await Http.NewDomainAsync("split.example");
        _dns.PublishStrings(made.Keys()[0].Host(), [[.. made.Keys()[0].Text().Chunk(40).Select(piece => new string(piece))]]);
        _dns.PublishAlias(made.Keys()[1].Host(), "keys.elsewhere.example");
        _dns.Publish("keys.elsewhere.example", made.Keys()[1].Text());
        var verified = await Http.VerifiedAsync(made);
    }

    [Fact]
    public async Task An_answer_too_long_for_UDP_is_read_over_TCP_and_cut_where_it_is_shown()
    {
        var made = await Http.NewDomainAsync("long.example");
        var before = _dns.AnswersOverTcp;
        _dns.Publish("long.example", [.. Enumerable.Range(0, 30).Select(i => $"site-verification={i}"), "v=spf1 a -all"]);
        _dns.Publish("_dmarc.long.example", [.. Enumerable.Range(0, 30).Select(i => $"{i}{new string('x', 2_000)}")]);
        var found = await Http.VerifyAsync(made);
        found.RecordAt("long.example").Ok().ShouldBe(true);
        found.RecordAt("_dmarc.long.example")["found"]!.AsArray().Select(t => t!.GetValue<string>().Length).ShouldBe(Enumerable.Repeat(1_000, 10));
        _dns.AnswersOverTcp.ShouldBeGreaterThan(before);
    }

    [Theory]
    [InlineData("failing", "the resolver answered ServerFailure")]
    [InlineData("garbled", "no resolver gave an answer that can be used")]
    [InlineData("silent", "no resolver answered in time")]
    public async Task What_could_not_be_read_keeps_the_earlier_verdict(string fault, string why)
    {
        var made = await Http.NewDomainAsync($"{fault}.example");
        _dns.PublishKeys(made);
        var verified = await Http.VerifiedAsync(made);
        var host = made.Keys()[0].Host();
        Action<string> breakIt = fault switch { "silent" => _dns.BeSilentAbout, "garbled" => _dns.Garble, _ => failing => _dns.Fail(failing) };
        breakIt(host);

        var after = await Http.VerifyAsync(made);

        after.IsVerified().ShouldBeTrue();
        var record = after.RecordAt(host);
        record.Problem().ShouldBe($"{host} could not be read: {why}.");
        (record.Ok(), record["last_checked"]!.ToString()).ShouldBe((true, verified.RecordAt(host)["last_checked"]!.ToString()));
        record["found"]!.ToJsonString().ShouldBe(verified.RecordAt(host)["found"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "kind": "sending" }""", "name", "required")]
    [InlineData("""{ "name": "shop.example" }""", "kind", "required")]
    [InlineData("""{ "name": "shop.example", "kind": "other" }""", "kind", "invalid")]
    [InlineData("""{ "name": "shop.example", "kind": "receiving" }""", "kind", "invalid")]
    [InlineData("""{ "name": "co.uk", "kind": "sending" }""", "name", "public_suffix")]
    [InlineData("""{ "name": "localhost", "kind": "sending" }""", "name", "invalid_domain")]
    [InlineData("""{ "name": "192.0.2.1", "kind": "sending" }""", "name", "invalid_domain")]
    [InlineData("""{ "name": "[2001:db8::1]", "kind": "sending" }""", "name", "invalid_domain")]
    [InlineData("""{ "name": "shop.example/x", "kind": "sending" }""", "name", "invalid_domain")]
    public async Task A_bad_field_is_named(string body, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/domains", body).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe(code, problem.ToJsonString());
    }

    [Fact]
    public async Task Records_that_hold_what_no_database_does_are_wrong_and_keep_nobody_elses_from_being_read()
    {
        var made = await Http.NewDomainAsync("hostile.example");
        _dns.Publish("hostile.example", "v=spf1 a\0 -all");
        _dns.Publish(made.Keys()[0].Host(), "v=DKIM1; k=r\0sa; p=AAAA");

        var verified = await Http.VerifyAsync(made);
        verified.RecordAt("hostile.example").Problem().ShouldBe("The SPF record has a term that receivers don't know: a\uFFFD.");
        verified.Keys()[0].Problem().ShouldBe("The record is for a key of type r\uFFFDsa, not rsa.");
        verified["problem"]!.GetValue<string>().ShouldEndWith("The record is for a key of type r\uFFFDsa, not rsa.");

        await _service.SqlAsync($"UPDATE campaignhub.domains SET next_read_at = '-infinity' WHERE domain_id = '{made["id"]}'");
        await Eventually.Async(() => _service.HasRowAsync($"SELECT FROM campaignhub.domains WHERE domain_id = '{made["id"]}' AND next_read_at > now()"), "it is read again");
    }

    [Fact]
    public async Task A_domain_is_one_however_it_is_written()
    {
        (await Http.NewDomainAsync("bücher.example"))["name"]!.GetValue<string>().ShouldBe("xn--bcher-kva.example");
        var problem = await Http.PostAsync("/v1/domains", new { name = "XN--BCHER-KVA.example", kind = "sending" }, HttpStatusCode.Conflict);
        (problem.ProblemType(), problem.FieldCode("name")).ShouldBe(("already_exists", "already_exists"));
    }

    [Fact]
    public async Task A_name_too_long_for_its_records_is_refused()
    {
        var label = new string('a', 60);
        var problem = await Http.PostAsync("/v1/domains", new { name = $"{label}.{label}.{label}.{label}.de", kind = "sending" }, HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("name").ShouldBe("too_long");
    }

    [Fact]
    public async Task Two_tenants_with_one_domain_have_records_of_their_own()
    {
        var (first, second) = (await Http.NewDomainAsync("both.example"), await (await _service.NewTenantAsync()).Http.NewDomainAsync("both.example"));
        first.Keys().Select(Host).Intersect(second.Keys().Select(Host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_foreign_or_deleted_domain_is_not_found_by_any_call()
    {
        var made = await Http.NewDomainAsync("mine.example");
        var other = (await _service.NewTenantAsync()).Http;
        await AllAreNotFound(other, made.Path());
        (await other.GetJsonAsync("/v1/domains"))["data"]!.AsArray().ShouldBeEmpty();

        await Http.DeleteAsync(made.Path()).ExpectAsync(HttpStatusCode.NoContent);
        await AllAreNotFound(Http, made.Path());
    }

    [Fact]
    public async Task Domains_are_listed_by_pages_with_their_records()
    {
        var tenant = await _service.NewTenantAsync();
        var first = await tenant.Http.NewDomainAsync("a.example");
        await tenant.Http.NewDomainAsync("b.example");
        var page = await tenant.Http.GetJsonAsync("/v1/domains?limit=1");
        page["data"]!.AsArray().Single()!.ToJsonString().ShouldBe(first.ToJsonString());
        var rest = await tenant.Http.GetJsonAsync($"/v1/domains?limit=1&cursor={page["next_cursor"]}");
        (rest["data"]!.AsArray().Single()!["name"]!.GetValue<string>(), rest["next_cursor"]).ShouldBe(("b.example", null));
    }

    [Fact]
    public async Task Domains_need_the_settings_scopes()
    {
        var key = await Http.PostAsync("/v1/api-keys", new { name = "reader", scopes = (string[])["settings:read"] }, HttpStatusCode.Created);
        using var reader = _service.WithKey(key["key"]!.GetValue<string>());
        var made = await Http.NewDomainAsync("scoped.example");
        await reader.GetJsonAsync(made.Path());
        await reader.PostAsync("/v1/domains", new { name = "x.example", kind = "sending" }, HttpStatusCode.Forbidden);
        await reader.PostAsync($"{made.Path()}/verify", null).ExpectAsync(HttpStatusCode.Forbidden);
        await reader.PostAsync($"{made.Path()}/rotate", null).ExpectAsync(HttpStatusCode.Forbidden);
        await reader.DeleteAsync(made.Path()).ExpectAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_domain_that_a_campaign_under_way_sends_from_stays()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var domain = await scenario.Http.NewDomainAsync("shop.example");
        await scenario.AddAsync("ann@example.com");
        var campaign = await scenario.DraftAsync(new { strategy = "instant", at = "2099-11-27T10:00:00Z" });
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);

        var refused = await scenario.Http.DeleteAsync(domain.Path()).ExpectAsync(HttpStatusCode.Conflict);
        (refused.ProblemType(), refused["detail"]!.GetValue<string>().Contains(campaign.ToString())).ShouldBe(("in_use", true));
        // The same name for links or bounces isn't what it sends from.
        foreach (var kind in (string[])["bounce", "tracking"])
            await scenario.Http.DeleteAsync((await scenario.Http.NewDomainAsync("shop.example", kind)).Path()).ExpectAsync(HttpStatusCode.NoContent);
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/cancel", null).ExpectAsync(HttpStatusCode.Accepted);
        await scenario.Http.DeleteAsync(domain.Path()).ExpectAsync(HttpStatusCode.NoContent);
    }

    private static string Host(JsonNode record) => record.Host();

    private static byte[] Key(JsonNode record) => Convert.FromBase64String(record.Text()[(record.Text().IndexOf("p=", StringComparison.Ordinal) + 2)..]);

    private static async Task AllAreNotFound(HttpClient http, string path)
    {
        await http.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
        await http.PostAsync($"{path}/verify", null).ExpectAsync(HttpStatusCode.NotFound);
        await http.PostAsync($"{path}/rotate", null).ExpectAsync(HttpStatusCode.NotFound);
        await http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NotFound);
    }
}
