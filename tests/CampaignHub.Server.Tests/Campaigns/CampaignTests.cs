using System.Net;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Campaigns;

public sealed class CampaignTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_draft_needs_only_a_name()
    {
        var made = await Http.PostAsync("/v1/campaigns", new { name = "Black Friday" }, HttpStatusCode.Created);
        (made["status"]!.GetValue<string>(), made["when_uncertain"]!.GetValue<string>()).ShouldBe(("draft", "resend"));
        made["tracking"]!.ToJsonString().ShouldBe("""{"opens":true,"clicks":true,"honeypot":false}""");
        (await Http.GetJsonAsync($"/v1/campaigns/{made["id"]}")).ToJsonString().ShouldBe(made.ToJsonString());
    }

    [Fact]
    public async Task All_fields_come_back_with_defaults_filled_in_and_can_be_changed_and_cleared()
    {
        var listId = await _service.ListAsync(_service.Tenant, "granted");
        var made = await Http.PostAsync("/v1/campaigns", CampaignSeed.Whole(listId), HttpStatusCode.Created);
        made["audience"]!["list_ids"]![0]!.GetValue<Guid>().ShouldBe(listId);
        made["schedule"]!["when_passed"]!.GetValue<string>().ShouldBe("next_day");

        var changed = await Http.PatchAsync($"/v1/campaigns/{made["id"]}",
            new { subject = "New", from = (object?)null, schedule = (object?)null, tracking = new { opens = false } }, HttpStatusCode.OK);
        changed["subject"]!.GetValue<string>().ShouldBe("New");
        changed["html"]!.GetValue<string>().ShouldBe(made["html"]!.GetValue<string>());
        (changed["from"], changed["schedule"]).ShouldBe((null, null));
        changed["tracking"]!.ToJsonString().ShouldBe("""{"opens":false,"clicks":true,"honeypot":false}""");
    }

    [Theory]
    [InlineData("""{ }""", "name", "required")]
    [InlineData("""{ "name": "x", "subject": "a\r\nBcc: b@shop.example" }""", "subject", "line_break")]
    [InlineData("""{ "name": "x", "from": { "name": "a\nb", "email": "a@shop.example" } }""", "from.name", "line_break")]
    [InlineData("""{ "name": "x", "from": { "name": "a" } }""", "from.email", "required")]
    [InlineData("""{ "name": "x", "from": { "email": "no" } }""", "from.email", "invalid_email")]
    [InlineData("""{ "name": "x", "reply_to": "a@shop.example\r\nBcc: b@shop.example" }""", "reply_to", "invalid_email")]
    [InlineData("""{ "name": "x", "html": "" }""", "html", "required")]
    [InlineData("""{ "name": "x", "when_uncertain": "maybe" }""", "when_uncertain", "invalid")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "local_time", "date": "2026-02-30", "time": "10:00" } }""", "schedule.date", "invalid")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "local_time", "time": "24:00" } }""", "schedule.time", "invalid")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "now", "fallback_time_zone": "Mars/Base" } }""", "schedule.fallback_time_zone", "unknown_time_zone")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "best_time" } }""", "schedule.allowed_hours", "required")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "now", "allowed_hours": { "from": "08:00" } } }""", "schedule.allowed_hours.to", "required")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "now", "allowed_days": [] } }""", "schedule.allowed_days", "empty")]
    [InlineData("""{ "name": "x", "schedule": { "strategy": "now", "window": "PT2H", "allowed_hours": { "from": "08:00", "to": "09:00" } } }""", "schedule.window", "contradiction")]
    [InlineData("""{ "name": "x", "audience": { "list_ids": ["0190a0a0-0000-7000-8000-000000000000"] } }""", "audience.list_ids[0]", "not_found")]
    [InlineData("""{ "name": "x", "audience": { "segment_ids": ["0190a0a0-0000-7000-8000-000000000000"] } }""", "audience.segment_ids[0]", "not_found")]
    [InlineData("""{ "name": "x", "audience": { "joining": "always" } }""", "audience.joining", "invalid")]
    [InlineData("""{ "name": "x", "template_id": "0190a0a0-0000-7000-8000-000000000000" }""", "template_id", "not_found")]
    [InlineData("""{ "name": "x", "html": "y", "template_id": "0190a0a0-0000-7000-8000-000000000000" }""", "template_id", "exclusive")]
    public async Task A_bad_field_is_named(string body, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/campaigns", body).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe(code, problem.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "name": "x", "audience": { "list_ids": ["nonsense"] } }""", "audience.list_ids[0]", "wrong_type")]
    [InlineData("""{ "name": "x", "from": { "emial": "a@shop.example" } }""", "from.emial", "unknown_field")]
    public async Task What_cannot_be_read_is_named_by_its_whole_path(string body, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/campaigns", body).ExpectAsync(HttpStatusCode.BadRequest);
        problem.FieldCode(field).ShouldBe(code, problem.ToJsonString());
    }

    [Fact]
    public async Task Faulty_Liquid_is_refused_with_its_line_and_column()
    {
        var problem = await Http.PostAsync("/v1/campaigns", new { name = "x", html = "<p>\n{% if %}</p>" }, HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("html").ShouldBe("invalid_liquid");
        problem["errors"]!["html"]!["message"]!.GetValue<string>().ShouldContain("line 2");
    }

    [Fact]
    public async Task A_foreign_list_or_template_is_as_unknown_as_none()
    {
        var other = await _service.NewTenantAsync();
        var list = await _service.ListAsync(other, "granted");
        var template = await other.Http.PostAsync("/v1/templates", new { name = "t", html = "<p>x</p>" }, HttpStatusCode.Created);
        var problem = await Http.PostAsync("/v1/campaigns",
            new { name = "x", audience = new { list_ids = (Guid[])[list] }, template_id = template["id"]!.GetValue<Guid>() }, HttpStatusCode.UnprocessableEntity);
        (problem.FieldCode("audience.list_ids[0]"), problem.FieldCode("template_id")).ShouldBe(("not_found", "not_found"));
    }

    [Fact]
    public async Task The_newest_campaign_is_listed_first()
    {
        var tenant = await _service.NewTenantAsync();
        foreach (var name in (string[])["a", "b", "c"])
            await tenant.Http.PostAsync("/v1/campaigns", new { name }, HttpStatusCode.Created);
        var first = await tenant.Http.GetJsonAsync("/v1/campaigns?limit=2");
        var second = await tenant.Http.GetJsonAsync($"/v1/campaigns?limit=2&cursor={first["next_cursor"]}");
        Names(first).Concat(Names(second)).ShouldBe(["c", "b", "a"]);
        second["next_cursor"].ShouldBeNull();
    }

    [Fact]
    public async Task A_duplicate_is_a_new_draft_with_the_same_fields()
    {
        var made = await Http.PostAsync("/v1/campaigns", CampaignSeed.Whole(await _service.ListAsync(_service.Tenant, "granted")), HttpStatusCode.Created);
        var copy = await Http.PostAsync($"/v1/campaigns/{made["id"]}/duplicate", new { }, HttpStatusCode.Created);
        copy["name"]!.GetValue<string>().ShouldBe("Black Friday (copy)");
        copy["id"]!.GetValue<Guid>().ShouldNotBe(made["id"]!.GetValue<Guid>());
        foreach (var field in (string[])["subject", "html", "from", "audience", "schedule", "status"])
            JsonNode.DeepEquals(copy[field], made[field]).ShouldBeTrue(field);
    }

    [Fact]
    public async Task A_template_gives_content_and_cannot_be_removed_while_in_use()
    {
        var template = await Http.PostAsync("/v1/templates", new { name = "t", subject = "From the template", html = "<p>x</p>" }, HttpStatusCode.Created);
        var path = $"/v1/templates/{template["id"]}";
        var campaign = await Http.PostAsync("/v1/campaigns", new { name = "x", template_id = template["id"]!.GetValue<Guid>() }, HttpStatusCode.Created);

        (await Http.DeleteAsync(path).ExpectAsync(HttpStatusCode.Conflict)).ProblemType().ShouldBe("in_use");
        (await Http.PatchAsync(path, new { html = "{% broken" }, HttpStatusCode.UnprocessableEntity)).FieldCode("html").ShouldBe("invalid_liquid");
        (await Http.PatchAsync(path, new { subject = (string?)null }, HttpStatusCode.OK))["subject"].ShouldBeNull();
        await Http.DeleteAsync($"/v1/campaigns/{campaign["id"]}").ExpectAsync(HttpStatusCode.NoContent);
        await Http.DeleteAsync(path).ExpectAsync(HttpStatusCode.NoContent);
        await Http.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_foreign_campaign_or_template_is_not_found_by_any_call()
    {
        var campaign = await Http.PostAsync("/v1/campaigns", CampaignSeed.Whole(await _service.ListAsync(_service.Tenant, "granted")), HttpStatusCode.Created);
        var template = await Http.PostAsync("/v1/templates", new { name = "t", html = "<p>x</p>" }, HttpStatusCode.Created);
        var other = (await _service.NewTenantAsync()).Http;
        foreach (var path in (string[])[$"/v1/campaigns/{campaign["id"]}", $"/v1/templates/{template["id"]}"])
        {
            await other.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
            await other.PatchAsync(path, new { name = "x" }, HttpStatusCode.NotFound);
            await other.DeleteAsync(path).ExpectAsync(HttpStatusCode.NotFound);
        }
        foreach (var call in (string[])["readiness", "plan"])
            await other.GetAsync($"/v1/campaigns/{campaign["id"]}/{call}").ExpectAsync(HttpStatusCode.NotFound);
        foreach (var call in (string[])["duplicate", "plan", "launch", "pause", "resume", "cancel"])
            await other.PostAsync($"/v1/campaigns/{campaign["id"]}/{call}", new { }, HttpStatusCode.NotFound);
    }

    private static IEnumerable<string> Names(JsonObject page) => page["data"]!.AsArray().Select(c => c!["name"]!.GetValue<string>());
}
