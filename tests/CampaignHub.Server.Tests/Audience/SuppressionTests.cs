using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Audience;

public sealed class SuppressionTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_suppression_is_made_shown_changed_and_lifted()
    {
        var made = await Http.PostAsync("/v1/suppressions", new { pattern = "Gone@Shop.example", note = "asked by phone" }, HttpStatusCode.Created);
        (made["pattern"]!.GetValue<string>(), made["reason"]!.GetValue<string>(), made["source"]!.GetValue<string>()).ShouldBe(("gone@shop.example", "manual", "api"));
        var path = $"/v1/suppressions/{made["id"]}";
        (await Http.GetJsonAsync(path)).ToJsonString().ShouldBe(made.ToJsonString());
        (await Http.GetStringAsync("/v1/suppressions?limit=200")).ShouldContain("gone@shop.example");

        var changed = await Http.PatchAsync(path, new { reason = "complaint" }, HttpStatusCode.OK);
        (changed["reason"]!.GetValue<string>(), changed["note"]!.GetValue<string>()).ShouldBe(("complaint", "asked by phone"));
        (await Http.PatchAsync(path, new { note = (string?)null }, HttpStatusCode.OK))["note"].ShouldBeNull();
        await Http.PatchAsync(path, new { pattern = "other@shop.example" }, HttpStatusCode.BadRequest);

        await Http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NoContent);
        await Http.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_same_pattern_again_is_a_conflict()
    {
        await Http.PostAsync("/v1/suppressions", new { pattern = "*@twice.example" }, HttpStatusCode.Created);
        var problem = await Http.PostAsync("/v1/suppressions", new { pattern = "*@TWICE.example" }, HttpStatusCode.Conflict);
        problem.ProblemType().ShouldBe("already_exists");
    }

    [Theory]
    [InlineData("""{ "pattern": "a*@shop.example" }""", "pattern", "invalid_pattern")]
    [InlineData("""{ "pattern": "nonsense" }""", "pattern", "invalid_pattern")]
    [InlineData("{}", "pattern", "required")]
    [InlineData("""{ "pattern": "x@shop.example", "reason": "whim" }""", "reason", "invalid")]
    public async Task What_suppresses_nothing_is_refused(string body, string field, string code) =>
        (await Http.PostRawAsync("/v1/suppressions", body).ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldBe(code);

    [Theory]
    [InlineData("direct@direct.example", "Direct@direct.example")]
    [InlineData("who@all.example", "*@all.example")]
    [InlineData("who@a.b.below.example", "*.below.example")]
    public async Task A_recipient_whom_a_pattern_matches_is_shown_as_suppressed(string email, string pattern)
    {
        var person = await Http.PostAsync("/v1/recipients", new { email }, HttpStatusCode.Created);
        person["suppressed"]!.GetValue<bool>().ShouldBeFalse();

        await Http.PostAsync("/v1/suppressions", new { pattern }, HttpStatusCode.Created);

        (await Http.GetJsonAsync($"/v1/recipients/{person["id"]}"))["suppressed"]!.GetValue<bool>().ShouldBeTrue();
        await using var transaction = await _service.Get<Database>().BeginAsync(_service.Tenant.Id, default);
        EmailAddress.TryParse(email, out var address, out _).ShouldBeTrue();
        (await SuppressionStore.IsSuppressedAsync(transaction, address!)).ShouldBeTrue();
    }

    [Fact]
    public async Task Suppressing_twice_keeps_the_first_reason()
    {
        var now = Instant.FromUtc(2026, 11, 27, 10, 0);
        await using var transaction = await _service.Get<Database>().BeginAsync(_service.Tenant.Id, default);
        var first = await SuppressionStore.SuppressAsync(transaction, "idem@shop.example", SuppressionReason.Bounce, "bounce", null, now);
        first.ShouldNotBeNull().CreatedAt.ShouldBe(now);
        (await SuppressionStore.SuppressAsync(transaction, "idem@shop.example", SuppressionReason.Complaint, "feed", null, now)).ShouldBeNull();
        (await SuppressionStore.FindAsync(transaction, first.Id))!.Reason.ShouldBe("bounce");
    }
}
