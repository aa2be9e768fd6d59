using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Tests.Relays;

public sealed class RelayTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_new_relay_has_the_defaults_and_never_shows_its_password()
    {
        var made = await Http.PostAsync("/v1/relays",
            new { name = "EU", host = "127.0.0.1", username = "u", password = "s3cret-word" }, HttpStatusCode.Created);
        var shown = await Http.GetJsonAsync($"/v1/relays/{made["id"]}");

        shown.ToJsonString().ShouldBe(made.ToJsonString());
        shown.ToJsonString().ShouldNotContain("s3cret-word");
        (shown["port"]!.GetValue<int>(), shown["tls"]!.GetValue<string>(), shown["weight"]!.GetValue<int>()).ShouldBe((587, "starttls", 1));
        (shown["max_connections"]!.GetValue<int>(), shown["max_messages_per_connection"]!.GetValue<int>()).ShouldBe((4, 100));
        shown["max_per_second"].ShouldBeNull();
        (shown["envelope_sender"]!.GetValue<string>(), shown["enabled"]!.GetValue<bool>()).ShouldBe(("from", true));
        (await Http.GetStringAsync("/v1/relays")).ShouldNotContain("s3cret-word");
    }

    [Theory]
    [InlineData("""{ "name": "x", "host": "10.0.0.1" }""", "host", "not_allowed")]
    [InlineData("""{ "name": "x", "host": "169.254.169.254" }""", "host", "not_allowed")]
    [InlineData("""{ "name": "x", "host": "[::ffff:10.0.0.1]" }""", "host", "not_allowed")]
    [InlineData("""{ "name": "x", "host": "bad host/" }""", "host", "invalid")]
    [InlineData("""{ "name": "x" }""", "host", "required")]
    [InlineData("""{ "name": "", "host": "127.0.0.1" }""", "name", "required")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "port": 0 }""", "port", "out_of_range")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "tls": "ssl" }""", "tls", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "weight": 101 }""", "weight", "out_of_range")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "region": "EU central" }""", "region", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "region": "atlantis" }""", "region", "not_found")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "warm_up": [50, 0] }""", "warm_up[1]", "out_of_range")]
    [InlineData("""{ "name": "x", "preset": "hotmail" }""", "preset", "invalid")]
    [InlineData("""{ "name": "x", "preset": "ses" }""", "preset_region", "required")]
    [InlineData("""{ "name": "x", "preset": "ses", "preset_region": "mars-1" }""", "preset_region", "invalid")]
    [InlineData("""{ "name": "x", "preset": "gmail", "preset_region": "eu" }""", "preset_region", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "preset_region": "eu" }""", "preset_region", "not_applicable")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "preset": "ses", "preset_region": "eu-central-1" }""", "preset_region", "not_applicable")]
    [InlineData("""{ "name": "x", "host": "10.0.0.1", "preset": "ses" }""", "host", "not_allowed")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "max_connections": 101 }""", "max_connections", "out_of_range")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "max_per_second": 0 }""", "max_per_second", "out_of_range")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "password": "p" }""", "username", "required")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "username": "a\r\nb" }""", "username", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "envelope_sender": "verp" }""", "envelope_sender", "no_bounce_domain")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "root_certificates": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" }""", "root_certificates", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "root_certificates": "" }""", "root_certificates", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "root_certificates": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }""", "root_certificates", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "envelope_sender": "fixed" }""", "envelope_email", "required")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "envelope_sender": "fixed", "envelope_email": "no" }""", "envelope_email", "invalid_email")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "envelope_email": "b@shop.example" }""", "envelope_email", "not_applicable")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "headers": { "Subject": "x" } }""", "headers.Subject", "invalid")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "headers": { "X-A": "b\r\nBcc: c" } }""", "headers.X-A", "invalid")]
    public async Task A_bad_field_is_named(string body, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/relays", body).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe(code, problem.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "port": null }""", "port")]
    [InlineData("""{ "name": "x", "host": "127.0.0.1", "headers": { "X-A": 1 } }""", "headers.X-A")]
    public async Task A_wrong_type_is_named_by_its_whole_path(string body, string field)
    {
        var problem = await Http.PostRawAsync("/v1/relays", body).ExpectAsync(HttpStatusCode.BadRequest);
        problem.FieldCode(field).ShouldBe("wrong_type", problem.ToJsonString());
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_now_is_taken()
    {
        await MakeAsync(new { name = "later", host = "relay.invalid" });
    }

    [Fact]
    public async Task Changing_leaves_what_is_absent_and_clears_what_is_null()
    {
        var made = await MakeAsync(new { name = "a", host = "127.0.0.1", max_per_second = 5, username = "u", password = "p" });
        var changed = await Http.PatchAsync($"/v1/relays/{made["id"]}", new { name = "b", max_per_second = (int?)null }, HttpStatusCode.OK);
        (changed["name"]!.GetValue<string>(), changed["username"]!.GetValue<string>()).ShouldBe(("b", "u"));
        changed["max_per_second"].ShouldBeNull();
    }

    [Fact]
    public async Task A_password_does_not_follow_its_relay_to_another_host_unless_given_again()
    {
        var made = await MakeAsync(new { name = "a", host = "127.0.0.1", username = "u", password = "p" });
        var refused = await Http.PatchAsync($"/v1/relays/{made["id"]}", new { host = "localhost" }, HttpStatusCode.UnprocessableEntity);
        refused.FieldCode("password").ShouldBe("required");
        await Http.PatchAsync($"/v1/relays/{made["id"]}", new { host = "localhost", password = "p" }, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_check_logs_in_with_the_stored_password_and_is_noted_until_the_relay_changes()
    {
        await using var sink = SmtpSink.Start(Smtp.Relay.Options with { Login = new("shop@shop.example", "p") });
        var path = $"/v1/relays/{(await MakeAsync(new { name = "a", host = "127.0.0.1", port = sink.Port, tls = "none", username = "shop@shop.example", password = "p" }))["id"]}";

        var check = await Http.PostAsync($"{path}/check", new { }, HttpStatusCode.OK);

        check["ok"]!.GetValue<bool>().ShouldBeTrue(check.ToJsonString());
        check["advice"].ShouldBeNull();
        check["steps"]!.AsArray().Select(s => s!["step"]!.GetValue<string>()).ShouldBe(["dns", "tcp", "banner", "ehlo", "login", "mail_from"]);
        check["steps"]!.AsArray()[^1]!["detail"]!.GetValue<string>().ShouldContain("shop@shop.example");
        sink.MessageCount.ShouldBe(0);
        (await Http.GetJsonAsync(path))["check_ok"]!.GetValue<bool>().ShouldBeTrue();
        (await Http.PatchAsync(path, new { weight = 2 }, HttpStatusCode.OK))["checked_at"].ShouldNotBeNull();
        (await Http.PatchAsync(path, new { username = (string?)null }, HttpStatusCode.OK))["checked_at"].ShouldBeNull();
    }

    [Fact]
    public async Task A_certificate_of_ones_own_authority_is_taken_where_the_relay_names_it_and_only_there()
    {
        using var certificate = Smtp.Relay.Certificate("127.0.0.1");
        using var other = Smtp.Relay.Certificate("127.0.0.1");
        await using var sink = SmtpSink.Start(Smtp.Relay.Options with { Certificate = certificate });
        var path = $"/v1/relays/{(await MakeAsync(new { name = "own", host = "127.0.0.1", port = sink.Port }))["id"]}";

        (await Http.PostAsync($"{path}/check", new { }, HttpStatusCode.OK))["ok"]!.GetValue<bool>().ShouldBeFalse();
        await Http.PatchAsync(path, new { root_certificates = other.ExportCertificatePem() }, HttpStatusCode.OK);
        (await Http.PostAsync($"{path}/check", new { }, HttpStatusCode.OK))["ok"]!.GetValue<bool>().ShouldBeFalse();
        var changed = await Http.PatchAsync(path, new { root_certificates = certificate.ExportCertificatePem() + "\n" + other.ExportCertificatePem() }, HttpStatusCode.OK);
        changed["checked_at"].ShouldBeNull();
        var check = await Http.PostAsync($"{path}/check", new { }, HttpStatusCode.OK);
        check["ok"]!.GetValue<bool>().ShouldBeTrue(check.ToJsonString());
    }

    [Fact]
    public async Task A_check_that_fails_says_what_to_do()
    {
        await using var sink = SmtpSink.Start(Smtp.Relay.Options);
        var made = await MakeAsync(new { name = "a", host = "127.0.0.1", port = sink.Port });
        var check = await Http.PostAsync($"/v1/relays/{made["id"]}/check", new { }, HttpStatusCode.OK);
        check["ok"]!.GetValue<bool>().ShouldBeFalse();
        check["advice"]!.GetValue<string>().ShouldContain("STARTTLS");
        (await Http.GetJsonAsync($"/v1/relays/{made["id"]}"))["check_ok"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_foreign_or_deleted_relay_is_not_found_by_any_call()
    {
        var path = $"/v1/relays/{(await MakeAsync(new { name = "mine", host = "127.0.0.1" }))["id"]}";
        var other = (await _service.NewTenantAsync()).Http;
        await AllAreNotFound(other, path);
        (await other.GetJsonAsync("/v1/relays"))["data"]!.AsArray().ShouldBeEmpty();

        await Http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NoContent);
        await AllAreNotFound(Http, path);
    }

    [Fact]
    public async Task Relays_need_the_settings_scopes()
    {
        var key = await Http.PostAsync("/v1/api-keys", new { name = "reader", scopes = (string[])["settings:read"] }, HttpStatusCode.Created);
        using var reader = _service.WithKey(key["key"]!.GetValue<string>());
        await reader.GetJsonAsync("/v1/relays");
        await reader.PostAsync("/v1/relays", new { name = "x", host = "127.0.0.1" }, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_changed_relay_gets_a_new_pool_and_an_older_copy_of_it_gets_that_too()
    {
        var before = new Server.Relays.Relay { RelayId = Guid.CreateVersion7(), Host = "127.0.0.1", UpdatedAt = Instant.FromUtc(2026, 1, 1, 0, 0) };
        var after = before with { Port = 25, UpdatedAt = before.UpdatedAt + Duration.FromSeconds(1) };
        await using var pools = new RelayPools(Smtp.Relay.Guard);
        var first = pools.Of(before);
        pools.Of(before).ShouldBeSameAs(first);
        var second = pools.Of(after);
        second.Settings.Port.ShouldBe(25);
        pools.Of(before).ShouldBeSameAs(second);
    }

    [Fact]
    public async Task A_preset_fills_in_what_is_not_given()
    {
        var made = await MakeAsync(new { name = "SES", preset = "ses", preset_region = "eu-central-1", username = "u", password = "p", max_per_second = 50 });
        made["host"]!.GetValue<string>().ShouldBe("email-smtp.eu-central-1.amazonaws.com");
        (made["port"]!.GetValue<int>(), made["tls"]!.GetValue<string>(), made["max_per_second"]!.GetValue<int>()).ShouldBe((587, "starttls", 50));

        var headers = new Dictionary<string, string> { ["X-PM-Message-Stream"] = "news" };
        made = await MakeAsync(new { name = "Postmark", preset = "postmark", host = "127.0.0.1", port = 2525, headers });
        (made["host"]!.GetValue<string>(), made["port"]!.GetValue<int>(), made["max_connections"]!.GetValue<int>()).ShouldBe(("127.0.0.1", 2525, 10));
        made["headers"]!.AsObject().Count.ShouldBe(1, "headers that are given stand in place of the preset's");
    }

    [Fact]
    public async Task Every_preset_that_is_listed_makes_a_relay()
    {
        var presets = (await Http.GetJsonAsync("/v1/relay-presets"))["data"]!.AsArray();
        presets.Count.ShouldBe(8);
        foreach (var preset in presets)
        {
            var region = preset!["default_region"]?.GetValue<string>() ?? preset["hosts"]!.AsObject().First().Key;
            var made = await MakeAsync(new { name = preset["title"], preset = preset["preset"], preset_region = region, username = "u", password = "p" });
            made["host"]!.GetValue<string>().ShouldBe(preset["hosts"]![region]!.GetValue<string>());
            foreach (var field in (string[])["port", "tls", "max_connections", "max_per_second", "max_messages_per_connection", "envelope_sender", "headers"])
                made[field]?.ToJsonString().ShouldBe(preset[field]?.ToJsonString(), $"{preset["preset"]}: {field}");
        }
    }

    [Fact]
    public async Task Region_and_warm_up_are_kept_shown_and_cleared()
    {
        var made = await MakeAsync(new { name = "a", host = "127.0.0.1", region = "eu-central", warm_up = (int[])[50, 100] });
        var path = $"/v1/relays/{made["id"]}";
        (await Http.GetJsonAsync(path)).ToJsonString().ShouldBe(made.ToJsonString());
        (made["region"]!.GetValue<string>(), made["warm_up"]!.ToJsonString()).ShouldBe(("eu-central", "[50,100]"));

        (await Http.PatchAsync(path, new { region = "atlantis" }, HttpStatusCode.UnprocessableEntity)).FieldCode("region").ShouldBe("not_found");
        var cleared = await Http.PatchAsync(path, new { region = (string?)null, warm_up = (int[]?)null }, HttpStatusCode.OK);
        (cleared["region"], cleared["warm_up"]!.ToJsonString()).ShouldBe((null, "[]"));
    }

    private Task<JsonObject> MakeAsync(object relay) => Http.PostAsync("/v1/relays", relay, HttpStatusCode.Created);

    private static async Task AllAreNotFound(HttpClient http, string path)
    {
        await http.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
        await http.PatchAsync(path, new { name = "x" }, HttpStatusCode.NotFound);
        await http.PostAsync($"{path}/check", new { }, HttpStatusCode.NotFound);
        await http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NotFound);
    }
}
