using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Tenancy;

public sealed class ApiKeyTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_call_without_a_key_is_refused_before_its_body_is_looked_at()
    {
        using var http = service.Anonymous;
        var problem = await http.PostRawAsync("/v1/api-keys", "{ not json").ExpectAsync(HttpStatusCode.Unauthorized);
        problem.ProblemType().ShouldBe("unauthorized");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("chk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_wrong_key_is_refused(string key)
    {
        using var http = service.WithKey(key);
        await http.GetAsync("/v1/api-keys").ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var made = await service.Http.PostAsync("/v1/api-keys", new { name = "short-lived", scopes = (string[])["settings:read"] }, HttpStatusCode.Created);
        using var http = service.WithKey(made["key"]!.GetValue<string>());
        await http.GetAsync("/v1/api-keys").ExpectAsync(HttpStatusCode.OK);

        await service.Http.DeleteAsync($"/v1/api-keys/{made["id"]}").ExpectAsync(HttpStatusCode.NoContent);

        await http.GetAsync("/v1/api-keys").ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var made = await service.Http.PostAsync("/v1/api-keys", new { name = "reader", scopes = (string[])["settings:read"] }, HttpStatusCode.Created);
        using var http = service.WithKey(made["key"]!.GetValue<string>());
        var problem = await http.PostAsJsonAsync("/v1/api-keys", new { name = "x", scopes = (string[])["settings:read"] }).ExpectAsync(HttpStatusCode.Forbidden);
        problem.ProblemType().ShouldBe("scope_missing");
        problem["detail"]!.GetValue<string>().ShouldContain("settings:write");
    }

    [Fact]
    public async Task A_key_cannot_make_another_that_may_do_more()
    {
        var made = await service.Http.PostAsync("/v1/api-keys", new { name = "settings", scopes = (string[])["settings:write"] }, HttpStatusCode.Created);
        using var http = service.WithKey(made["key"]!.GetValue<string>());
        await http.PostAsJsonAsync("/v1/api-keys", new { name = "x", scopes = (string[])["*"] }).ExpectAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/v1/api-keys", """{ "name": "nothing", "scopes": ["reports:read", null] }""", "scopes[1]")]
    [InlineData("/v1/webhooks", """{ "url": "https://shop.example/hook", "events": [null] }""", "events[0]")]
    public async Task Null_is_none_of_the_words_of_a_list(string path, string body, string field)
    {
        var problem = await service.Http.PostRawAsync(path, body).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe("required");
    }

    [Fact]
    public async Task The_key_itself_is_shown_only_once()
    {
        var made = await service.Http.PostAsync("/v1/api-keys", new { name = "once", scopes = (string[])["settings:read"] }, HttpStatusCode.Created);
        var listed = await service.Http.GetStringAsync("/v1/api-keys?limit=200");
        listed.ShouldNotContain(made["key"]!.GetValue<string>());
        listed.ShouldContain(made["prefix"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_suspended_tenants_key_is_refused_until_the_tenant_is_active_again()
    {
        var tenant = await service.NewTenantAsync();
        using var operators = service.Operator;
        await operators.PatchAsync($"/v1/tenants/{tenant.Id}", new { status = "suspended" }, HttpStatusCode.OK);
        var problem = await tenant.Http.GetAsync("/v1/api-keys").ExpectAsync(HttpStatusCode.Forbidden);
        problem.ProblemType().ShouldBe("tenant_suspended");

        await operators.PatchAsync($"/v1/tenants/{tenant.Id}", new { status = "active" }, HttpStatusCode.OK);
        await tenant.Http.GetAsync("/v1/api-keys").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_renames_a_tenant_while_another_suspends_it_does_not_wake_it()
    {
        var tenant = await service.NewTenantAsync();
        using var operators = service.Operator;
        await using var suspending = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        await suspending.ExecuteAsync("UPDATE tenants SET status = 'suspended' WHERE tenant_id = @TenantId", new { suspending.TenantId });
        var renaming = operators.PatchAsync($"/v1/tenants/{tenant.Id}", new { name = "Renamed" }, HttpStatusCode.OK);
        await service.WaitedForInAsync("tenants", "it waits");
        await suspending.CommitAsync();

        var renamed = await renaming;
        (renamed["name"]!.GetValue<string>(), renamed["status"]!.GetValue<string>()).ShouldBe(("Renamed", "suspended"));
    }

    [Fact]
    public async Task Two_requests_with_one_idempotency_key_at_once_have_one_effect()
    {
        var tenant = await service.NewTenantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(tenant.Http, "same", "burst")));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.Created || a.Status == HttpStatusCode.Conflict);
        var again = await SendAsync(tenant.Http, "same", "burst");
        again.Status.ShouldBe(HttpStatusCode.Created);
        answers.Where(a => a.Status == HttpStatusCode.Created).ShouldAllBe(a => a.Body == again.Body);

        var keys = await tenant.Http.GetFromJsonAsync<JsonObject>("/v1/api-keys");
        keys!["data"]!.AsArray().Count(k => k!["name"]!.GetValue<string>() == "burst").ShouldBe(1);
    }

    [Fact]
    public async Task An_idempotency_key_with_another_body_is_refused()
    {
        var tenant = await service.NewTenantAsync();
        await SendAsync(tenant.Http, "key-1", "first");
        var (status, body) = await SendAsync(tenant.Http, "key-1", "second");
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonNode.Parse(body)!.AsObject().ProblemType().ShouldBe("idempotency_key_reused");
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpClient http, string idempotencyKey, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/api-keys")
        {
            Content = JsonContent.Create(new { name, scopes = (string[])["settings:read"] }),
        };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
