using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CampaignHub.Server.Tests.Audience.Imports;
using CampaignHub.Server.Tests.Storefronts;

namespace CampaignHub.Server.Tests.Tracking;

public sealed class PreferencesTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task The_unsubscribe_page_leads_to_a_page_that_shows_what_they_may_choose_and_changes_nothing()
    {
        var seed = await Seed.SentAsync(service);
        await ChangeAsync(seed, new { time_zone = "Asia/Tokyo", lists = (string[])[await ListAsync(seed, "Mine <b>")] });
        await ListAsync(seed, "Offered", isPublic: true);
        await ListAsync(seed, "Inner");
        var before = await PersonAsync(seed);

        using var http = service.Anonymous;
        var unsubscribe = await http.GetStringAsync(seed.UnsubscribePage());
        var path = new Uri(new Uri(service.Url, seed.UnsubscribePage()), Regex.Match(unsubscribe, "href=\"([^\"]+)\"").Groups[1].Value).AbsolutePath;
        path.ShouldBe(Path(seed));
        using var answer = await http.FetchAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("Mine &lt;b&gt;");
        page.ShouldContain("Offered");
        page.ShouldNotContain("Inner");
        page.ShouldNotContain("<script");
        page.ShouldContain("<option value=\"Asia/Tokyo\" selected>");
        page.ShouldContain("value=\"every\" checked");
        (await PersonAsync(seed)).ShouldBe(before);
    }

    [Fact]
    public async Task What_they_choose_is_taken_and_the_page_says_so_in_the_language_that_they_chose()
    {
        var seed = await Seed.SentAsync(service);
        var (left, joined) = (await ListAsync(seed, "left"), await ListAsync(seed, "joined", isPublic: true));
        await ChangeAsync(seed, new { lists = (string[])[left] });

        using var answer = await PostAsync(seed, ("offered", left), ("offered", joined), ("list", joined), ("frequency", "weekly"), ("time_zone", "America/Sao_Paulo"), ("language", "de"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Ihre Auswahl ist gespeichert.");
        var person = await SeenAsync(seed);
        person["lists"]!.AsArray().Select(list => list!.GetValue<string>()).ShouldBe([joined]);
        person["max_frequency"]!.GetValue<string>().ShouldBe("weekly");
        person["time_zone"]!.GetValue<string>().ShouldBe("America/Sao_Paulo");
        person["time_zone_source"]!.GetValue<string>().ShouldBe("given");
        person["locale"]!.GetValue<string>().ShouldBe("de");
        person["consent"]!["status"]!.GetValue<string>().ShouldBe("granted");
        (await seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[0]}/consent"))["data"]!.AsArray().Count.ShouldBe(1);

        (await PostAsync(seed, ("frequency", "every"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SeenAsync(seed))["max_frequency"].ShouldBeNull();
    }

    [Fact]
    public async Task A_list_that_they_left_stays_left_whoever_names_them_until_they_join_it_again()
    {
        var seed = await Seed.SentAsync(service);
        var (left, other) = (await ListAsync(seed, "left"), await ListAsync(seed, "other"));
        await ChangeAsync(seed, new { lists = (string[])[left] });
        (await PostAsync(seed, ("offered", left))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeOnAsync([], [left]);

        var email = (await SeenAsync(seed))["email"]!.GetValue<string>();
        await seed.Tenant.Http.PostAsync("/v1/recipients", new { email, lists = (string[])[left, other] }, HttpStatusCode.OK);
        await ChangeAsync(seed, new { lists = (string[])[left] });
        await ShouldBeOnAsync([other], [left]);
        foreach (var file in (string[])[$"email\n{email}\nnew@mail.example\n", $"email,city\n{email},Ulm\n"]) // they stay as they are, and they are written
            (await seed.Tenant.Http.ImportAsync($"list_id={left}", file)).Count("left_list").ShouldBe(1);
        var shop = await Shop.ConnectAsync(service, tenant: seed.Tenant, listId: Guid.Parse(left));
        await shop.PostAsync("customers/create", $$"""{"id":1,"email":"{{email}}","updated_at":"2026-01-01T00:00:00Z","orders_count":1}""");
        await shop.SettledAsync(1);
        await ShouldBeOnAsync([other], [left]);
        (await seed.Tenant.Http.GetJsonAsync($"/v1/lists/{left}"))["recipients"]!.GetValue<long>().ShouldBe(1);

        (await PostAsync(seed, ("offered", left), ("offered", other), ("list", left), ("list", other))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeOnAsync([left, other], []);

        async Task ShouldBeOnAsync(string[] on, string[] notAnyMore)
        {
            var person = await SeenAsync(seed);
            person["lists"]!.AsArray().Select(list => list!.GetValue<string>()).ShouldBe(on);
            person["lists_left"]!.AsArray().Select(list => list!.GetValue<string>()).ShouldBe(notAnyMore);
        }
    }

    [Fact]
    public async Task The_zone_and_language_that_they_chose_stand_against_files_and_shops_until_you_name_another()
    {
        var seed = await Seed.SentAsync(service);
        await ChangeAsync(seed, new { time_zone = "Asia/Tokyo", locale = "ja" });
        (await PostAsync(seed, ("time_zone", "America/Sao_Paulo"), ("language", "pt"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var email = (await SeenAsync(seed))["email"]!.GetValue<string>();
        var list = await ListAsync(seed, "buyers");

        await seed.Tenant.Http.ImportAsync($"list_id={list}", $"email,locale,time_zone,first_name\n{email},ja,Asia/Tokyo,Ann\n");
        await seed.Tenant.Http.ImportAsync($"list_id={list}", "{\"email\":\"" + email + "\",\"locale\":null,\"time_zone\":null}\n", "application/x-ndjson");
        var shop = await Shop.ConnectAsync(service, tenant: seed.Tenant, listId: Guid.Parse(list), timeZone: "Asia/Tokyo");
        await shop.PostAsync("orders/create", $$"""{"id":1,"email":"{{email}}","customer_locale":"ja-JP","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","currency":"JPY","total_price":"1","customer":{"id":1,"email":"{{email}}","locale":"ja-JP","updated_at":"2026-01-01T00:00:00Z"} }""");
        await shop.SettledAsync(1);
        (await ChoiceAsync()).ShouldBe("Ann: pt, America/Sao_Paulo by given; locale, time_zone");

        await ChangeAsync(seed, new { locale = "ja" });
        (await ChoiceAsync()).ShouldBe("Ann: ja, America/Sao_Paulo by given; time_zone");
        await seed.Tenant.Http.PostAsync("/v1/recipients", new { email, time_zone = "Asia/Tokyo" }, HttpStatusCode.OK);
        await seed.Tenant.Http.ImportAsync($"list_id={list}", $"email,locale,time_zone\n{email},de,Europe/Berlin\n");
        (await ChoiceAsync()).ShouldBe("Ann: de, Europe/Berlin by given; ");

        async Task<string> ChoiceAsync()
        {
            var person = await SeenAsync(seed);
            return $"{person["first_name"]}: {person["locale"]}, {person["time_zone"]} by {person["time_zone_source"]}; {string.Join(", ", person["chosen"]!.AsArray())}";
        }
    }

    [Fact]
    public async Task What_they_leave_as_it_was_stays_as_it_was()
    {
        var seed = await Seed.SentAsync(service);
        var (seen, unseen) = (await ListAsync(seed, "seen"), await ListAsync(seed, "unseen"));
        await ChangeAsync(seed, new { country = "DE", time_zone = (string?)null, locale = "de-AT", max_frequency = "daily", lists = (string[])[seen, unseen] });
        var before = await PersonAsync(seed);

        using var answer = await PostAsync(seed, ("offered", seen), ("list", seen), ("frequency", "daily"), ("time_zone", "Europe/Berlin"), ("language", "de"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PersonAsync(seed)).ShouldBe(before);
        before.ShouldContain("\"time_zone_source\":\"country\"");
    }

    [Fact]
    public async Task Where_neither_zone_nor_language_are_known_none_is_made_up()
    {
        var seed = await Seed.SentAsync(service);
        await ChangeAsync(seed, new { locale = "sv-SE" });
        var before = await PersonAsync(seed);
        using var http = service.Anonymous;
        (await http.GetStringAsync(Path(seed))).ShouldSatisfyAllConditions(
            page => page.ShouldContain("<option value=\"\" selected>"), page => page.ShouldContain("<option value=\"sv-SE\" selected>sv-SE</option>"));
        (await PostAsync(seed, ("time_zone", ""), ("language", "sv-SE"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PersonAsync(seed)).ShouldBe(before);
    }

    [Theory]
    [InlineData("frequency", "hourly")]
    [InlineData("frequency", "Daily")]
    [InlineData("time_zone", "Mars/Base")]
    [InlineData("time_zone", "europe/berlin")]
    [InlineData("time_zone", "")]
    [InlineData("language", "xx")]
    [InlineData("language", "<script>")]
    [InlineData("list", "everything")]
    [InlineData("list", "INNER")]
    [InlineData("list", "THEIRS")]
    [InlineData("offered", "INNER")]
    [InlineData("frequency", "daily", "frequency", "weekly")]
    public async Task What_isnt_theirs_to_choose_changes_nothing_at_all(params string[] posted)
    {
        var (seed, other) = (await Seed.SentAsync(service), await Seed.SentAsync(service));
        await ChangeAsync(seed, new { time_zone = "Asia/Tokyo" });
        var ids = new Dictionary<string, string> { ["INNER"] = await ListAsync(seed, "inner"), ["THEIRS"] = await ListAsync(other, "theirs", isPublic: true) };
        var before = await PersonAsync(seed);
        (string, string)[] fields = [.. posted.Chunk(2).Select(field => (field[0], ids.GetValueOrDefault(field[1], field[1]))), ("language", "de"), ("time_zone", "Europe/Paris")];

        using var answer = await PostAsync(seed, fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(
            page => page.ShouldContain("Please check this field."), page => page.ShouldNotContain("<script"));
        (await PersonAsync(seed)).ShouldBe(before);
    }

    [Fact]
    public async Task What_no_page_of_ours_posts_is_refused_by_its_kind()
    {
        var seed = await Seed.SentAsync(service);
        var before = await PersonAsync(seed);
        using var http = service.Anonymous;
        await http.PostRawAsync(Path(seed), "{\"frequency\":\"daily\"}").ExpectAsync(HttpStatusCode.UnsupportedMediaType);
        await http.PostRawAsync(Path(seed), "frequency=daily&x=" + new string('x', 16 * 1024), "application/x-www-form-urlencoded").ExpectAsync(HttpStatusCode.RequestEntityTooLarge);
        (await PersonAsync(seed)).ShouldBe(before);
    }

    [Fact]
    public async Task A_forged_token_a_foreign_delivery_and_somebody_who_is_gone_are_not_found()
    {
        var (seed, other) = (await Seed.SentAsync(service), await Seed.SentAsync(service));
        var theirs = await PersonAsync(other);
        using var http = service.Anonymous;
        var forged = Path(seed).Replace("/preferences", "A/preferences", StringComparison.Ordinal);
        var gone = Path(seed, delivery: 1);
        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[1]}").ExpectAsync(HttpStatusCode.NoContent);
        seed.Deliveries[0] = other.Deliveries[0];
        foreach (var path in (string[])[forged, gone, Path(seed)])
        {
            await http.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
            await http.PostAsync(path, new FormUrlEncodedContent([new("frequency", "weekly")])).ExpectAsync(HttpStatusCode.NotFound);
        }
        (await PersonAsync(other)).ShouldBe(theirs);
    }

    [Fact]
    public async Task Its_last_button_is_that_of_the_unsubscribe_page()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        var page = await http.GetStringAsync(Path(seed));
        var action = Regex.Match(page, "action=\"([^\"]+)\"").Groups[1].Value;
        var path = new Uri(new Uri(service.Url, Path(seed)), action).AbsolutePath;
        path.ShouldBe(seed.UnsubscribePage());
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent([]));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SeenAsync(seed))["consent"]!["status"]!.GetValue<string>().ShouldBe("withdrawn");
    }

    [Fact]
    public async Task In_Arabic_it_is_read_from_right_to_left()
    {
        var seed = await Seed.SentAsync(service);
        await ChangeAsync(seed, new { locale = "ar" });
        using var http = service.Anonymous;
        (await http.GetStringAsync(Path(seed))).ShouldContain("<html lang=\"ar\" dir=\"rtl\">");
    }

    private static string Path(Seed seed, int delivery = 0) => seed.UnsubscribePage(delivery) + "/preferences";

    private async Task<HttpResponseMessage> PostAsync(Seed seed, params (string Name, string Value)[] fields)
    {
        using var http = service.Anonymous;
        return await http.PostAsync(Path(seed), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
    }

    private static async Task<string> ListAsync(Seed seed, string name, bool isPublic = false) =>
        (await seed.Tenant.Http.PostAsync("/v1/lists", new { name, @public = isPublic }, HttpStatusCode.Created))["id"]!.GetValue<string>();

    private static Task<JsonObject> ChangeAsync(Seed seed, object change) => seed.Tenant.Http.PatchAsync($"/v1/recipients/{seed.Recipients[0]}", change, HttpStatusCode.OK);

    private static Task<JsonObject> SeenAsync(Seed seed) => seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[0]}");

    /// <summary>All of them, as text: when they were last changed too.</summary>
    private static async Task<string> PersonAsync(Seed seed) => (await SeenAsync(seed)).ToJsonString();
}
