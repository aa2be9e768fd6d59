using System.Net;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Audience;

public sealed class ListTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_list_is_made_shown_renamed_and_removed()
    {
        var id = await MakeAsync(" first ");
        (await Http.PatchAsync($"/v1/lists/{id}", new { name = "second" }, HttpStatusCode.OK))["name"]!.GetValue<string>().ShouldBe("second");
        (await Http.GetJsonAsync($"/v1/lists/{id}"))["recipients"]!.GetValue<long>().ShouldBe(0);
        (await Http.GetStringAsync("/v1/lists?limit=200")).ShouldContain(id);

        await Http.DeleteAsync($"/v1/lists/{id}").ExpectAsync(HttpStatusCode.NoContent);

        await Http.GetAsync($"/v1/lists/{id}").ExpectAsync(HttpStatusCode.NotFound);
        await Http.DeleteAsync($"/v1/lists/{id}").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}", "required")]
    [InlineData("""{ "name": "  " }""", "required")]
    public async Task A_list_needs_a_name(string body, string code) =>
        (await Http.PostRawAsync("/v1/lists", body).ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode("name").ShouldBe(code);

    [Fact]
    public async Task Recipients_come_and_go_and_are_counted()
    {
        var (first, second) = (await MakeAsync("first"), await MakeAsync("second"));
        var person = await Http.PostAsync("/v1/recipients", new { email = "member@shop.example", lists = (string[])[first, first] }, HttpStatusCode.Created);
        ListsOf(person).ShouldBe([first]);

        await PutAsync(second, person);
        await PutAsync(second, person);
        ListsOf(await Http.GetJsonAsync($"/v1/recipients/{person["id"]}")).ShouldBe([first, second]);
        (await Http.GetJsonAsync($"/v1/lists/{second}"))["recipients"]!.GetValue<long>().ShouldBe(1);

        await Http.DeleteAsync($"/v1/lists/{first}/recipients/{person["id"]}").ExpectAsync(HttpStatusCode.NoContent);
        await Http.DeleteAsync($"/v1/lists/{first}/recipients/{person["id"]}").ExpectAsync(HttpStatusCode.NoContent);
        ListsOf(await Http.PatchAsync($"/v1/recipients/{person["id"]}", new { lists = (string[])[] }, HttpStatusCode.OK)).ShouldBe([second]);
        ListsOf(await Http.PatchAsync($"/v1/recipients/{person["id"]}", new { lists = (string[])[first] }, HttpStatusCode.OK)).ShouldBe([first, second]);
        ListsOf(await Http.PatchAsync($"/v1/recipients/{person["id"]}", new { lists = (string[]?)null }, HttpStatusCode.OK)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_left_a_list_by_their_own_word_is_put_back_by_nothing_else()
    {
        var list = await MakeAsync("letter");
        var person = await Http.PostAsync("/v1/recipients", new { email = "leaver@shop.example", lists = (string[])[list] }, HttpStatusCode.Created);
        var path = $"/v1/lists/{list}/recipients/{person["id"]}";
        await Http.DeleteAsync($"{path}?by_recipient=true").ExpectAsync(HttpStatusCode.NoContent);
        await Http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NoContent); // another's word changes nothing of that

        (await Http.PutAsync(path, null).ExpectAsync(HttpStatusCode.Conflict)).ProblemType().ShouldBe("state_conflict");
        var left = await Http.GetJsonAsync($"/v1/recipients/{person["id"]}");
        ListsOf(left).ShouldBeEmpty();
        left["lists_left"]!.AsArray().Single()!.GetValue<string>().ShouldBe(list);

        await Http.PutAsync($"{path}?by_recipient=true", null).ExpectAsync(HttpStatusCode.NoContent);
        ListsOf(await Http.GetJsonAsync($"/v1/recipients/{person["id"]}")).ShouldBe([list]);
        await Http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NoContent);
        await PutAsync(list, person);
        await Http.DeleteAsync($"{path}?by_recipient=true").ExpectAsync(HttpStatusCode.NoContent);
        await Http.DeleteAsync($"/v1/lists/{list}").ExpectAsync(HttpStatusCode.NoContent);
        (await Http.GetJsonAsync($"/v1/recipients/{person["id"]}"))["lists_left"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_list_is_named_by_its_place_and_nothing_is_written()
    {
        var known = await MakeAsync("known");
        var problem = await Http.PostAsync("/v1/recipients",
            new { email = "nolist@shop.example", lists = (string[])[known, Guid.CreateVersion7().ToString()] }, HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("lists[1]").ShouldBe("unknown_list");
        problem.FieldCode("lists[0]").ShouldBeNull();
        (await Http.GetJsonAsync("/v1/recipients?email=nolist@shop.example"))["data"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("list_ids", "draft")]
    [InlineData("exclude_list_ids", "sending")]
    public async Task A_list_in_use_is_not_removed_until_the_campaign_is_over(string use, string status)
    {
        var (list, campaign) = (await MakeAsync("used"), Guid.CreateVersion7());
        await _service.SqlAsync($$"""
            INSERT INTO campaignhub.campaigns (tenant_id, campaign_id, name, audience, status, created_at, updated_at)
            VALUES ('{{_service.Tenant.Id}}', '{{campaign}}', 'Black Friday', '{ "{{use}}": ["{{list}}"] }', '{{status}}', now(), now())
            """);

        var problem = await Http.DeleteAsync($"/v1/lists/{list}").ExpectAsync(HttpStatusCode.Conflict);
        problem.ProblemType().ShouldBe("in_use");
        problem["detail"]!.GetValue<string>().ShouldContain($"Black Friday\" ({campaign}");

        await _service.SqlAsync($"UPDATE campaignhub.campaigns SET status = 'cancelled' WHERE campaign_id = '{campaign}'");
        await Http.DeleteAsync($"/v1/lists/{list}").ExpectAsync(HttpStatusCode.NoContent);
    }

    private async Task<string> MakeAsync(string name) =>
        (await Http.PostAsync("/v1/lists", new { name }, HttpStatusCode.Created))["id"]!.GetValue<string>();

    private Task<JsonObject> PutAsync(string list, JsonObject person) =>
        Http.PutAsync($"/v1/lists/{list}/recipients/{person["id"]}", null).ExpectAsync(HttpStatusCode.NoContent);

    private static string[] ListsOf(JsonObject person) => [.. person["lists"]!.AsArray().Select(l => l!.GetValue<string>())];

    [Fact]
    public async Task A_list_is_public_only_where_somebody_says_so()
    {
        var made = await Http.PostAsync("/v1/lists", new { name = "inner" }, HttpStatusCode.Created);
        made["public"]!.GetValue<bool>().ShouldBeFalse();
        (await Http.PostAsync("/v1/lists", new { name = "outer", @public = true }, HttpStatusCode.Created))["public"]!.GetValue<bool>().ShouldBeTrue();
        var path = $"/v1/lists/{made["id"]}";
        (await Http.PatchAsync(path, new { @public = true }, HttpStatusCode.OK))["name"]!.GetValue<string>().ShouldBe("inner");
        (await Http.PatchAsync(path, new { name = "renamed" }, HttpStatusCode.OK))["public"]!.GetValue<bool>().ShouldBeTrue();
    }
}
