using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Audience;

public sealed class RecipientTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_new_recipient_has_everything_that_was_said_and_what_follows()
    {
        var made = await Http.PostAsync("/v1/recipients", new
        {
            email = " Ann.Lee@BÜCHER.example ",
            first_name = "Ann",
            last_name = "李",
            locale = "pt_br",
            country = "br",
            region = "BR-SP",
            phone = "+55 11 5555 0100",
            attributes = new { plan = "gold", tags = (string[])["a"] },
        }, HttpStatusCode.Created);

        Text(made, "email").ShouldBe("Ann.Lee@xn--bcher-kva.example");
        (Text(made, "locale"), Text(made, "country"), Text(made, "region")).ShouldBe(("pt-BR", "BR", "SP"));
        (Text(made, "time_zone"), Text(made, "time_zone_source")).ShouldBe(("America/Sao_Paulo", "region"));
        (Text(made["consent"]!, "status"), Text(made["consent"]!, "source")).ShouldBe(("granted", "api"));
        made["consent"]!["at"].ShouldNotBeNull();
        made["attributes"]!.ToJsonString().ShouldBe("""{"plan":"gold","tags":["a"]}""");
        made["suppressed"]!.GetValue<bool>().ShouldBeFalse();
        made["lists"]!.AsArray().ShouldBeEmpty();
        (await Http.GetJsonAsync($"/v1/recipients/{made["id"]}")).ToJsonString().ShouldBe(made.ToJsonString());
    }

    [Fact]
    public async Task The_same_address_in_another_case_is_the_same_person()
    {
        var made = await Http.PostAsync("/v1/recipients", new { email = "case@Shop.example", first_name = "Ann", country = "DE" }, HttpStatusCode.Created);
        var again = await Http.PostRawAsync("/v1/recipients", """{ "email": "CASE@shop.EXAMPLE", "last_name": "Lee", "country": null }""").ExpectAsync(HttpStatusCode.OK);

        Text(again, "id").ShouldBe(Text(made, "id"));
        Text(again, "email").ShouldBe("CASE@shop.example");
        (Text(again, "first_name"), Text(again, "last_name")).ShouldBe(("Ann", "Lee"));
        again["country"].ShouldBeNull();
        Text(again, "time_zone_source").ShouldBe("fallback");
    }

    [Fact]
    public async Task Many_upserts_of_a_new_address_at_once_make_one_person()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Http.PostRawAsync("/v1/recipients", $$"""{ "email": "race@shop.example", "first_name": "n{{i}}" }""")));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(11);
    }

    [Fact]
    public async Task A_given_zone_stays_and_an_inferred_one_follows_the_place()
    {
        var id = Text(await Http.PostAsync("/v1/recipients", new { email = "zones@shop.example", country = "DE" }, HttpStatusCode.Created), "id");
        (await ZoneAfterAsync(id, new { country = "JP" })).ShouldBe(("Asia/Tokyo", "country"));
        (await ZoneAfterAsync(id, new { time_zone = "Pacific Standard Time" })).ShouldBe(("America/Los_Angeles", "given"));
        (await ZoneAfterAsync(id, new { country = "DE" })).ShouldBe(("America/Los_Angeles", "given"));
        (await ZoneAfterAsync(id, new { time_zone = (string?)null })).ShouldBe(("Europe/Berlin", "country"));
        (await ZoneAfterAsync(id, new { country = "BR", region = "AM" })).ShouldBe(("America/Manaus", "region"));
        (await ZoneAfterAsync(id, new { country = "DE" })).ShouldBe(("Europe/Berlin", "country"));
        (await Http.GetJsonAsync($"/v1/recipients/{id}"))["region"].ShouldBeNull();
    }

    [Fact]
    public async Task A_phone_tells_the_zone_in_a_country_of_several()
    {
        var id = Text(await Http.PostAsync("/v1/recipients", new { email = "phone@shop.example", country = "US" }, HttpStatusCode.Created), "id");
        (await ZoneAfterAsync(id, new { phone = "(808) 555-0142" })).ShouldBe(("Pacific/Honolulu", "phone"));
        (await ZoneAfterAsync(id, new { region = "TX" })).ShouldBe(("America/Chicago", "region"));
        (await ZoneAfterAsync(id, new { region = (string?)null })).ShouldBe(("Pacific/Honolulu", "phone"));
        (await ZoneAfterAsync(id, new { phone = (string?)null })).ShouldBe(("America/New_York", "country_guess"));
    }

    [Fact]
    public async Task Attributes_are_replaced_as_a_whole()
    {
        var made = await Http.PostAsync("/v1/recipients", new { email = "attributes@shop.example", attributes = new { a = 1, b = 2 } }, HttpStatusCode.Created);
        var path = $"/v1/recipients/{made["id"]}";

        (await Http.PatchAsync(path, new { first_name = "x" }, HttpStatusCode.OK))["attributes"]!.ToJsonString().ShouldBe("""{"a":1,"b":2}""");
        (await Http.PatchAsync(path, new { attributes = new { b = 3 } }, HttpStatusCode.OK))["attributes"]!.ToJsonString().ShouldBe("""{"b":3}""");
        (await Http.PatchAsync(path, new { attributes = (object?)null }, HttpStatusCode.OK))["attributes"]!.ToJsonString().ShouldBe("{}");
    }

    [Fact]
    public async Task Attributes_as_deep_as_allowed_come_back_in_a_list_too()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 16)) + "1" + new string('}', 16);
        await Http.PostRawAsync("/v1/recipients", $$"""{ "email": "deep@shop.example", "attributes": {{deep}} }""").ExpectAsync(HttpStatusCode.Created);

        var found = await Http.GetJsonAsync("/v1/recipients?email=deep@shop.example");
        found["data"]![0]!["attributes"]!.ToJsonString().ShouldBe(deep);
    }

    [Fact]
    public async Task An_address_can_change_unless_it_is_taken()
    {
        await Http.PostAsync("/v1/recipients", new { email = "taken@shop.example" }, HttpStatusCode.Created);
        var made = await Http.PostAsync("/v1/recipients", new { email = "mover@shop.example" }, HttpStatusCode.Created);
        var path = $"/v1/recipients/{made["id"]}";

        var refused = await Http.PatchAsync(path, new { email = "TAKEN@shop.example" }, HttpStatusCode.Conflict);
        (refused.ProblemType(), refused.FieldCode("email")).ShouldBe(("already_exists", "already_exists"));

        Text(await Http.PatchAsync(path, new { email = "moved@shop.example" }, HttpStatusCode.OK), "email").ShouldBe("moved@shop.example");
        (await StoredAsync(made)).AddressHash.ShouldBe(HashOf("moved@shop.example"));
        (await Http.PatchAsync(path, new { email = (string?)null }, HttpStatusCode.UnprocessableEntity)).FieldCode("email").ShouldBe("required");
    }

    [Fact]
    public async Task The_address_hash_is_that_of_the_tenants_own_key()
    {
        var made = await Http.PostAsync("/v1/recipients", new { email = "Hash@shop.example" }, HttpStatusCode.Created);

        (await StoredAsync(made)).AddressHash.ShouldBe(HashOf("hash@shop.example"));
    }

    [Fact]
    public async Task Pages_hold_everybody_once()
    {
        var tenant = await _service.NewTenantAsync();
        for (var i = 0; i < 5; i++)
            await tenant.Http.PostAsync("/v1/recipients", new { email = $"p{i}@shop.example" }, HttpStatusCode.Created);

        List<string> seen = [];
        for (var path = "/v1/recipients?limit=2"; path is not null;)
        {
            var page = await tenant.Http.GetJsonAsync(path);
            seen.AddRange(page["data"]!.AsArray().Select(r => Text(r!, "email")));
            path = page["next_cursor"] is { } cursor ? $"/v1/recipients?limit=2&cursor={cursor}" : null;
        }

        seen.ShouldBe(Enumerable.Range(0, 5).Select(i => $"p{i}@shop.example"));
    }

    [Fact]
    public async Task Found_by_address_or_list()
    {
        var list = await Http.PostAsync("/v1/lists", new { name = "found" }, HttpStatusCode.Created);
        await Http.PostAsync("/v1/recipients", new { email = "found@shop.example", lists = (string[])[Text(list, "id")] }, HttpStatusCode.Created);

        Emails(await Http.GetJsonAsync("/v1/recipients?email=FOUND@shop.example")).ShouldBe(["found@shop.example"]);
        Emails(await Http.GetJsonAsync($"/v1/recipients?list_id={list["id"]}")).ShouldBe(["found@shop.example"]);
        Emails(await Http.GetJsonAsync("/v1/recipients?email=nobody@shop.example")).ShouldBeEmpty();
        (await Http.GetAsync("/v1/recipients?email=nonsense").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode("email").ShouldBe("invalid_email");
    }

    [Fact]
    public async Task How_often_they_are_mailed_at_most_is_a_word_or_nothing()
    {
        var made = await Http.PostAsync("/v1/recipients", new { email = "seldom@shop.example", max_frequency = "weekly" }, HttpStatusCode.Created);
        Text(made, "max_frequency").ShouldBe("weekly");
        var path = $"/v1/recipients/{made["id"]}";
        (await Http.PatchAsync(path, new { max_frequency = "hourly", first_name = "Ann" }, HttpStatusCode.UnprocessableEntity)).FieldCode("max_frequency").ShouldBe("invalid");
        Text(await Http.PatchAsync(path, new { first_name = "Ann" }, HttpStatusCode.OK), "max_frequency").ShouldBe("weekly");
        (await Http.PatchAsync(path, new { max_frequency = (string?)null }, HttpStatusCode.OK))["max_frequency"].ShouldBeNull();
    }

    private async Task<(string?, string?)> ZoneAfterAsync(string id, object change)
    {
        var changed = await Http.PatchAsync($"/v1/recipients/{id}", change, HttpStatusCode.OK);
        return (changed["time_zone"]?.GetValue<string>(), Text(changed, "time_zone_source"));
    }

    private async Task<Recipient> StoredAsync(JsonObject recipient)
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(_service.Tenant.Id, default);
        return (await RecipientStore.FindAsync(transaction, recipient["id"]!.GetValue<Guid>())).ShouldNotBeNull();
    }

    private byte[] HashOf(string emailKey) =>
        AddressHash.Compute(_service.Get<KeyRing>().Derive(_service.Tenant.Id, KeyPurpose.Address, 32), emailKey);

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    private static string[] Emails(JsonObject page) => [.. page["data"]!.AsArray().Select(r => Text(r!, "email"))];
}
