using System.Net;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Audience;

public sealed class ConsentTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task Silence_leaves_the_consent_of_somebody_known()
    {
        await StateAsync("silent@shop.example", """{ "status": "withdrawn", "source": "shop", "at": "2026-01-01" }""", HttpStatusCode.Created);

        var again = await Http.PostAsync("/v1/recipients", new { email = "silent@shop.example" }, HttpStatusCode.OK);

        again["consent"]!.ToJsonString().ShouldBe("""{"status":"withdrawn","source":"shop","at":"2026-01-01T00:00:00Z"}""");
    }

    [Fact]
    public async Task A_withdrawal_is_lifted_only_by_a_newer_granted()
    {
        const string Email = "lift@shop.example";
        await StateAsync(Email, """{ "status": "withdrawn", "at": "2026-01-02T00:00:00Z" }""", HttpStatusCode.Created);
        (await StateAsync(Email, """{ "status": "granted", "at": "2026-01-01T00:00:00Z" }""")).ShouldBe("withdrawn");
        (await StateAsync(Email, """{ "status": "unknown" }""")).ShouldBe("withdrawn");
        (await StateAsync(Email, "null")).ShouldBe("withdrawn");
        (await StateAsync(Email, """{ "status": "granted" }""")).ShouldBe("granted");
        (await StateAsync(Email, "null")).ShouldBe("unknown");
    }

    [Theory]
    [InlineData("""{ "status": "yes" }""", "consent.status", "invalid_consent")]
    [InlineData("""{ "source": "shop" }""", "consent.status", "invalid_consent")]
    [InlineData("""{ "status": "granted", "at": "2026-02-30" }""", "consent.at", "invalid_instant")]
    [InlineData("""{ "status": "granted", "at": "2026-01-01T24:00:00Z" }""", "consent.at", "invalid_instant")]
    [InlineData("""{ "status": "granted", "at": "2999-01-01" }""", "consent.at", "invalid_instant")]
    public async Task A_consent_that_cannot_be_is_refused(string consent, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/recipients", $$"""{ "email": "bad@shop.example", "consent": {{consent}} }""")
            .ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe(code);
    }

    [Fact]
    public async Task The_persons_own_no_holds_even_against_a_yes_dated_ahead()
    {
        var made = await Http.PostAsync("/v1/recipients", new { email = "ahead@shop.example" }, HttpStatusCode.Created);
        var id = made["id"]!.GetValue<Guid>();
        var ahead = Instant.FromUtc(2999, 1, 1, 0, 0);
        await _service.SqlAsync($"UPDATE campaignhub.recipients SET consent_at = '2999-01-01Z' WHERE recipient_id = '{id}'");
        var now = Instant.FromUtc(2026, 11, 27, 10, 0);

        await using var transaction = await _service.Get<Database>().BeginAsync(_service.Tenant.Id, default);
        (await ConsentStore.WithdrawAsync(transaction, id, "unsubscribe", "delivery:1", now, now)).ShouldBe(new Consent(ConsentStatus.Withdrawn, "unsubscribe", ahead));
        var again = new StatedConsent(ConsentStatement.Granted, "shop", ahead);
        (await ConsentStore.ApplyAsync(transaction, id, again, ConsentChannel.Data, now))!.Status.ShouldBe(ConsentStatus.Withdrawn);
        (await ConsentStore.WithdrawAsync(transaction, Guid.CreateVersion7(), "unsubscribe", "delivery:1", now, now)).ShouldBeNull();
    }

    [Fact]
    public async Task Whatever_a_consent_was_is_kept_with_what_it_rested_on_whoever_changed_it()
    {
        var seed = await Seed.SentAsync(_service, 1);
        var http = seed.Tenant.Http;
        var path = $"/v1/recipients/{seed.Recipients[0]}";
        var person = await http.GetJsonAsync(path);
        var list = await http.PostAsync("/v1/lists", new { name = "everyone" }, HttpStatusCode.Created);
        var import = await http.PostRawAsync($"/v1/imports?list_id={list["id"]}", $"email,consent,consent_at\n{person["email"]},withdrawn,2026-02-01\n", "text/csv").ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.Async(() => http.GetJsonAsync($"/v1/imports/{import["id"]}"), i => i["status"]!.GetValue<string>() == "finished", "the import finishes");
        await http.PatchAsync(path, new { consent = new { status = "granted", source = "desk" } }, HttpStatusCode.OK);
        await http.PatchAsync(path, new { first_name = "Ann" }, HttpStatusCode.OK);
        using (var reader = _service.Anonymous)
            (await reader.PostAsync(seed.UnsubscribePage(), null)).EnsureSuccessStatusCode();

        var page = await http.GetJsonAsync($"{path}/consent");
        static string Told(System.Text.Json.Nodes.JsonNode? e) => $"{e!["status"]} {e["source"]} {e["evidence"]} {(e["replaced_at"] is null ? "now" : "then")}";
        page["data"]!.AsArray().Select(Told).ShouldBe(
            [$"withdrawn unsubscribe delivery:{seed.Deliveries[0]} now", "granted desk  then", $"withdrawn import import:{import["id"]} then", "granted   then"]);

        var first = await http.GetJsonAsync($"{path}/consent?limit=1");
        var rest = await http.GetJsonAsync($"{path}/consent?limit=200&cursor={first["next_cursor"]}");
        first["data"]!.AsArray().Concat(rest["data"]!.AsArray()).Select(Told).ShouldBe(page["data"]!.AsArray().Select(Told));

        await http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NoContent);
        (await _service.HasRowAsync($"SELECT FROM campaignhub.consent_history WHERE recipient_id = '{seed.Recipients[0]}'")).ShouldBeFalse();
    }

    private async Task<string> StateAsync(string email, string consent, HttpStatusCode expected = HttpStatusCode.OK) =>
        (await Http.PostRawAsync("/v1/recipients", $$"""{ "email": "{{email}}", "consent": {{consent}} }""").ExpectAsync(expected))
        ["consent"]!["status"]!.GetValue<string>();
}
