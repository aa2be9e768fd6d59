using System.Net;

namespace CampaignHub.Server.Tests.Audience;

/// <summary>What another tenant has is neither seen nor in the way. Their ids in paths and queries: <see cref="EveryCallTests"/>.</summary>
public sealed class ForeignTenantTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

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

    private sealed record Things(string Email, string List)
    {
        public static async Task<Things> MakeAsync(HttpClient http)
        {
            var email = $"{Guid.CreateVersion7()}@shop.example";
            var list = await http.PostAsync("/v1/lists", new { name = "theirs" }, HttpStatusCode.Created);
            await http.PostAsync("/v1/recipients", new { email, lists = (string[])[list["id"]!.GetValue<string>()] }, HttpStatusCode.Created);
            await http.PostAsync("/v1/suppressions", new { pattern = email }, HttpStatusCode.Created);
            return new Things(email, list["id"]!.GetValue<string>());
        }
    }
}
