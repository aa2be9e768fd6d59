using System.Net;
using System.Net.Http.Json;

namespace CampaignHub.Server.Tests.Audience;

/// <summary>Another tenant's id is answered as one that doesn't exist, by every call, and nothing happens to what it names.</summary>
public sealed class ForeignTenantTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Theory]
    [InlineData("GET", "/v1/recipients/{person}")]
    [InlineData("PATCH", "/v1/recipients/{person}")]
    [InlineData("DELETE", "/v1/recipients/{person}")]
    [InlineData("GET", "/v1/recipients?list_id={list}")]
    [InlineData("GET", "/v1/lists/{list}")]
    [InlineData("PATCH", "/v1/lists/{list}")]
    [InlineData("DELETE", "/v1/lists/{list}")]
    [InlineData("PUT", "/v1/lists/{list}/recipients/{person}")]
    [InlineData("PUT", "/v1/lists/{own_list}/recipients/{person}")]
    [InlineData("PUT", "/v1/lists/{list}/recipients/{own_person}")]
    [InlineData("DELETE", "/v1/lists/{list}/recipients/{person}")]
    [InlineData("DELETE", "/v1/lists/{own_list}/recipients/{person}")]
    [InlineData("GET", "/v1/suppressions/{suppression}")]
    [InlineData("PATCH", "/v1/suppressions/{suppression}")]
    [InlineData("DELETE", "/v1/suppressions/{suppression}")]
    public async Task A_foreign_id_is_not_found(string method, string path)
    {
        var theirs = await Things.MakeAsync(_service.Http);
        var other = await _service.NewTenantAsync();
        var own = await Things.MakeAsync(other.Http);
        var target = path.Replace("{person}", theirs.Person).Replace("{list}", theirs.List).Replace("{suppression}", theirs.Suppression)
            .Replace("{own_person}", own.Person).Replace("{own_list}", own.List);
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (method == "PATCH")
            request.Content = JsonContent.Create(new { });

        (await other.Http.SendAsync(request).ExpectAsync(HttpStatusCode.NotFound)).ProblemType().ShouldBe("not_found");

        await _service.Http.GetJsonAsync($"/v1/recipients/{theirs.Person}");
        (await _service.Http.GetJsonAsync($"/v1/lists/{theirs.List}"))["recipients"]!.GetValue<long>().ShouldBe(1);
        await _service.Http.GetJsonAsync($"/v1/suppressions/{theirs.Suppression}");
    }

    [Fact]
    public async Task A_foreign_list_is_unknown_in_a_body_and_a_foreign_address_is_free()
    {
        var theirs = await Things.MakeAsync(_service.Http);
        var other = await _service.NewTenantAsync();
        var body = new { email = theirs.Email, lists = (string[])[theirs.List] };
        (await other.Http.PostAsync("/v1/recipients", body, HttpStatusCode.UnprocessableEntity)).FieldCode("lists[0]").ShouldBe("unknown_list");
        await other.Http.PostAsync("/v1/recipients", new { email = theirs.Email }, HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_foreign_suppression_suppresses_nobody()
    {
        var theirs = await Things.MakeAsync(_service.Http);
        var other = await _service.NewTenantAsync();
        var person = await other.Http.PostAsync("/v1/recipients", new { email = theirs.Email }, HttpStatusCode.Created);
        person["suppressed"]!.GetValue<bool>().ShouldBeFalse();
        (await other.Http.GetJsonAsync("/v1/suppressions"))["data"]!.AsArray().ShouldBeEmpty();
    }

    private sealed record Things(string Email, string Person, string List, string Suppression)
    {
        public static async Task<Things> MakeAsync(HttpClient http)
        {
            var email = $"{Guid.CreateVersion7()}@shop.example";
            var list = await http.PostAsync("/v1/lists", new { name = "theirs" }, HttpStatusCode.Created);
            var person = await http.PostAsync("/v1/recipients", new { email, lists = (string[])[list["id"]!.GetValue<string>()] }, HttpStatusCode.Created);
            var suppression = await http.PostAsync("/v1/suppressions", new { pattern = email }, HttpStatusCode.Created);
            return new Things(email, person["id"]!.GetValue<string>(), list["id"]!.GetValue<string>(), suppression["id"]!.GetValue<string>());
        }
    }
}
