using System.Net;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Campaigns;

public sealed class ReadinessTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task A_newcomer_learns_all_that_is_missing_with_the_call_that_mends_it()
    {
        var tenant = await _service.NewTenantAsync();
        var made = await tenant.Http.PostAsync("/v1/campaigns", new { name = "first" }, HttpStatusCode.Created);
        var readiness = await tenant.Http.GetJsonAsync($"/v1/campaigns/{made["id"]}/readiness");
        readiness["ready"]!.GetValue<bool>().ShouldBeFalse();
        Codes(readiness, "blockers").ShouldBe(["no_subject", "no_html", "no_from", "no_schedule", "no_relay", "empty_audience"]);
        Find(readiness, "blockers", "no_relay")["fix"]!.GetValue<string>().ShouldStartWith("POST /v1/relays");
        Codes(readiness, "warnings").ShouldBe(["public_url"]);
    }

    [Theory]
    [InlineData("unknown", "nobody_consented", 1)]
    [InlineData(null, "empty_audience", 0)]
    public async Task Without_anybody_to_mail_the_launch_is_refused_and_says_why(string? consent, string code, int count)
    {
        var tenant = await _service.NewTenantAsync();
        var list = await _service.ListAsync(tenant, consent ?? "granted", consent is null ? [] : ["ann@example.com"]);
        await tenant.Http.PostAsync("/v1/relays", new { name = "r", host = "127.0.0.1" }, HttpStatusCode.Created);
        var made = await tenant.Http.PostAsync("/v1/campaigns", CampaignSeed.Whole(list), HttpStatusCode.Created);

        var finding = Find(await tenant.Http.GetJsonAsync($"/v1/campaigns/{made["id"]}/readiness"), "blockers", code);
        finding["count"]!.GetValue<int>().ShouldBe(count);
        finding["fix"]!.GetValue<string>().ShouldBe($"POST /v1/imports?list_id={list}&consent=granted&consent_source=…");
        var refused = await tenant.Http.PostAsync($"/v1/campaigns/{made["id"]}/launch", new { }, HttpStatusCode.Conflict);
        refused["detail"]!.GetValue<string>().ShouldContain(finding["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Warnings_do_not_stand_against_a_launch()
    {
        var tenant = await _service.NewTenantAsync();
        await tenant.Http.PostAsync("/v1/relays", new { name = "r", host = "127.0.0.1" }, HttpStatusCode.Created);
        var granted = await _service.ListAsync(tenant, "granted", "ann@example.com");
        var unknown = await _service.ListAsync(tenant, "unknown", "bob@example.com", "eve@example.com");
        var campaign = CampaignSeed.Whole(granted);
        campaign["audience"]!["list_ids"]!.AsArray().Add(unknown.ToString());
        campaign["html"] = """<a href="https://{{ recipient.attributes.site }}/x">x</a>""";
        var made = await tenant.Http.PostAsync("/v1/campaigns", campaign, HttpStatusCode.Created);

        var readiness = await tenant.Http.GetJsonAsync($"/v1/campaigns/{made["id"]}/readiness");
        readiness["ready"]!.GetValue<bool>().ShouldBeTrue(readiness.ToJsonString());
        Codes(readiness, "warnings").ShouldBe(["link_not_tracked", "from_not_verified", "relay_never_checked", "no_consent", "public_url"]);
        Find(readiness, "warnings", "no_consent")["count"]!.GetValue<int>().ShouldBe(2);
    }

    private static IEnumerable<string> Codes(JsonObject readiness, string kind) =>
        readiness[kind]!.AsArray().Select(f => f!["code"]!.GetValue<string>());

    private static JsonNode Find(JsonObject readiness, string kind, string code) =>
        readiness[kind]!.AsArray().Single(f => f!["code"]!.GetValue<string>() == code)!;
}
