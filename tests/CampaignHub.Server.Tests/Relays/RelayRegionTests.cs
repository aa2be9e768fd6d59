using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignHub.Core.Relays;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Tests.Relays;

public sealed class RelayRegionTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Path = "/v1/relay-regions";

    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task A_tenants_own_regions_stand_over_the_built_in_ones_for_that_tenant_alone()
    {
        var tenant = await _service.NewTenantAsync();
        var changed = await PutAsync(tenant, """{ "regions": { "ap-southeast": ["SG", "jp"], "frankfurt": ["DE"] } }""", HttpStatusCode.OK);

        changed["own"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(["ap-southeast", "frankfurt"]);
        changed["regions"]!["ap-southeast"]!.ToJsonString().ShouldBe("""["JP","SG"]""");
        changed["regions"]!["ap-northeast"]!.ToJsonString().ShouldBe("""["KP","KR"]""");
        (await tenant.Http.GetJsonAsync(Path)).ToJsonString().ShouldBe(changed.ToJsonString());
        await using (var transaction = await _service.Get<Database>().BeginAsync(tenant.Id, default))
            (await RelayRegionStore.FindAsync(transaction)).NearnessOf("frankfurt", "DE").ShouldBe(RelayNearness.SameRegion);

        var other = await (await _service.NewTenantAsync()).Http.GetJsonAsync(Path);
        (other["own"]!.AsArray().Count, other["regions"]!.AsObject().Count).ShouldBe((0, RelayRegions.BuiltIn.Countries.Count));
    }

    [Fact]
    public async Task The_whole_is_replaced_and_nothing_given_goes_back_to_the_built_in_table()
    {
        var tenant = await _service.NewTenantAsync();
        var builtIn = await tenant.Http.GetJsonAsync(Path);
        await PutAsync(tenant, """{ "regions": { "a": ["DE"], "b": [] } }""", HttpStatusCode.OK);
        (await PutAsync(tenant, """{ "regions": { "a": ["FR"] } }""", HttpStatusCode.OK))["own"]!.ToJsonString().ShouldBe("""["a"]""");
        (await PutAsync(tenant, """{ "regions": {} }""", HttpStatusCode.OK)).ToJsonString().ShouldBe(builtIn.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "regions": { "a": ["DE", "XX"] } }""", "regions.a[1]", "invalid")]
    [InlineData("""{ "regions": { "a": ["DE"], "b": ["DE"] } }""", "regions.b[0]", "invalid")]
    [InlineData("""{ "regions": { "A b": ["DE"] } }""", "regions.A b", "invalid")]
    [InlineData("""{ }""", "regions", "required")]
    public async Task A_bad_table_is_refused_and_changes_nothing(string body, string field, string code)
    {
        var tenant = await _service.NewTenantAsync();
        var refused = await PutAsync(tenant, body, HttpStatusCode.UnprocessableEntity);
        refused.FieldCode(field).ShouldBe(code, refused.ToJsonString());
        (await tenant.Http.GetJsonAsync(Path))["own"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_region_that_a_relay_is_in_stays()
    {
        var tenant = await _service.NewTenantAsync();
        await PutAsync(tenant, """{ "regions": { "home": ["DE"] } }""", HttpStatusCode.OK);
        await tenant.Http.PostAsync("/v1/relays", new { name = "a", host = "127.0.0.1", region = "home" }, HttpStatusCode.Created);
        (await PutAsync(tenant, """{ "regions": {} }""", HttpStatusCode.Conflict)).ProblemType().ShouldBe("in_use");
        await PutAsync(tenant, """{ "regions": { "home": ["AT"] } }""", HttpStatusCode.OK);
    }

    private static Task<JsonObject> PutAsync(TestTenant tenant, string body, HttpStatusCode expected) =>
        tenant.Http.PutAsync(Path, JsonContent.Create(JsonNode.Parse(body))).ExpectAsync(expected);
}
