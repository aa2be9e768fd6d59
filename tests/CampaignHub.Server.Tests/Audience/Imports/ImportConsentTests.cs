using System.Net;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Audience.Imports;

public sealed class ImportConsentTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Ndjson = "application/x-ndjson";
    private readonly TestService service = fixture.Service;

    [Theory]
    [InlineData("Accepts Email Marketing", "yes", "granted", "shopify_customers")]
    [InlineData("Accepts Email Marketing", "no", "unknown", "shopify_customers")]
    [InlineData("Accepts Email Marketing", "", "unknown", "shopify_customers")]
    [InlineData("consent", "granted", "granted", "import")]
    [InlineData("consent", "withdrawn", "withdrawn", "import")]
    [InlineData("consent", "", "unknown", "import")]
    public async Task A_new_recipient_stands_as_the_file_says(string column, string cell, string status, string source)
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", $"email,{column}\nann@example.com,{cell}\n");
        var ann = await OnlyAsync(tenant);
        (ann.ConsentStatus, ann.ConsentSource).ShouldBe((status, source));
        import["consent"]![status]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("yes", "no", "withdrawn")]          // the shop's own no takes back the shop's yes
    [InlineData("yes", "", "granted")]              // silence changes nothing
    [InlineData("no", "yes", "granted")]
    [InlineData("unsubscribed", "yes", "withdrawn")] // a file without instants never lifts a withdrawal
    [InlineData("yes", "unsubscribed", "withdrawn")]
    public async Task An_export_that_comes_again_follows_the_one_table(string first, string second, string status)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", $"Email,Accepts Email Marketing\nann@example.com,{first}\n");
        await tenant.Http.ImportAsync($"list_id={list}", $"Email,Accepts Email Marketing\nann@example.com,{second}\n");
        (await OnlyAsync(tenant)).ConsentStatus.ShouldBe(status);
    }

    [Fact]
    public async Task A_no_of_the_shop_leaves_a_yes_from_elsewhere()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}&consent=granted&consent_source=fair", "email\nann@example.com\n");
        await tenant.Http.ImportAsync($"list_id={list}", "Email,Accepts Email Marketing\nann@example.com,no\n");
        var ann = await OnlyAsync(tenant);
        (ann.ConsentStatus, ann.ConsentSource).ShouldBe(("granted", "fair"));
    }

    [Theory]
    [InlineData("2026-01-02T00:00:00Z", "granted")]
    [InlineData("2025-12-31T00:00:00Z", "withdrawn")]
    public async Task Only_a_newer_yes_lifts_a_withdrawal(string at, string status)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email,consent,consent_at\nann@example.com,withdrawn,2026-01-01T00:00:00Z\n");
        await tenant.Http.ImportAsync($"list_id={list}", $"email,consent,consent_at\nann@example.com,granted,{at}\n");
        (await OnlyAsync(tenant)).ConsentStatus.ShouldBe(status);
    }

    [Fact]
    public async Task The_callers_word_counts_for_a_file_that_says_nothing()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}&consent=granted&consent_source=fair%202026", "email\nann@example.com\n");
        var ann = await OnlyAsync(tenant);
        (ann.ConsentStatus, ann.ConsentSource).ShouldBe(("granted", "fair 2026"));
        import["warnings"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no")]
    [InlineData("")]
    public async Task The_callers_word_never_raises_a_row_that_has_spoken(string cell)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}&consent=granted", $"Email,Accepts Email Marketing\nann@example.com,{cell}\n");
        (await OnlyAsync(tenant)).ConsentStatus.ShouldBe("unknown");
    }

    [Fact]
    public async Task Silence_ends_in_a_warning_that_shows_the_call()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", "email\nann@example.com\nbob@example.com\n");
        var warning = import["warnings"]!.AsArray().Single()!;
        (warning["code"]!.GetValue<string>(), warning["count"]!.GetValue<int>()).ShouldBe(("no_consent", 2));
        warning["message"]!.GetValue<string>().ShouldContain($"POST /v1/imports?list_id={list}&consent=granted&consent_source=");
    }

    [Fact]
    public async Task Suppressing_a_file_suppresses_each_of_its_addresses_once()
    {
        var (tenant, list) = await NewAsync();
        for (var i = 0; i < 2; i++)
            await tenant.Http.ImportAsync($"list_id={list}&suppress=true", "email\nAnn@example.com\nbob@example.com\n");
        (await service.QueryAsync<(string, string)>(tenant, "SELECT pattern, reason FROM suppressions ORDER BY pattern"))
            .ShouldBe([("ann@example.com", "import"), ("bob@example.com", "import")]);
    }

    [Fact]
    public async Task Ndjson_has_the_fields_of_a_recipient()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}&consent=granted", """
            {"email":"ann@example.com","first_name":"Ann","country":"JP","attributes":{"tags":["a",1],"deep":{"x":null}},"consent":{"status":"pending","source":"form","at":"2026-01-01T00:00:00Z"}}

            {"email":"bob@example.com","lists":[]}
            {"email":"bob@example.com"
            {"email":"cy@example.com","first_name":7}
            {"email":"dan@example.com","consent":{"status":"granted","when":"now"}}
            {"email":"eve@example.com","time_zone":"Mars/Base"}
            ["ann@example.com"]
            {"email":"fay@example.com"}
            """, Ndjson);
        (import.Count("rows"), import.Count("created"), import.Count("invalid")).ShouldBe((8, 2, 6));
        import["consent"]!["granted"]!.GetValue<int>().ShouldBe(1);
        var ann = (await service.QueryAsync<Person>(tenant, Person.All))[0];
        (ann.FirstName, ann.TimeZone, ann.ConsentStatus, ann.ConsentSource).ShouldBe(("Ann", "Asia/Tokyo", "pending", "form"));
        JsonNode.Parse(ann.Attributes)!["tags"]![1]!.GetValue<int>().ShouldBe(1);
        var errors = await tenant.Http.GetJsonAsync($"/v1/imports/{import["id"]}/errors");
        errors["data"]!.AsArray().Select(e => (e!["row"]!.GetValue<int>(), e["field"]!.GetValue<string>(), e["code"]!.GetValue<string>())).ShouldBe(
        [
            (3, "lists", "unknown_field"), (4, "row", "invalid_json"), (5, "first_name", "wrong_type"),
            (6, "consent.when", "unknown_field"), (7, "time_zone", "unknown_time_zone"), (8, "row", "invalid_json"),
        ]);
    }

    [Fact]
    public async Task A_null_of_ndjson_clears_the_field()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", """{"email":"ann@example.com","first_name":"Ann","last_name":"Lee","country":"BR","region":"AM"}""", Ndjson);
        await tenant.Http.ImportAsync($"list_id={list}", """{"email":"ann@example.com","first_name":null,"region":null}""", Ndjson);
        var ann = await OnlyAsync(tenant);
        (ann.FirstName, ann.LastName, ann.Country, ann.Region, ann.TimeZone, ann.TimeZoneSource)
            .ShouldBe((null, "Lee", "BR", null, "America/Sao_Paulo", "country_guess"));
    }

    [Fact]
    public async Task A_suspended_tenants_import_waits()
    {
        var (tenant, list) = await NewAsync();
        using var operators = service.Operator;
        await using (var held = await service.Get<CampaignHub.Server.Platform.Database.Database>().BeginAsync(tenant.Id, CancellationToken.None))
        {
            // Holds the tenant's turn, so that the import can't begin before the tenant is suspended.
            await held.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('import ' || @id, 0))", new { id = tenant.Id.ToString() });
            var begun = await tenant.Http.UploadAsync($"list_id={list}", "email\nann@example.com\n").ExpectAsync(HttpStatusCode.Accepted);
            await operators.PatchAsync($"/v1/tenants/{tenant.Id}", new { status = "suspended" }, HttpStatusCode.OK);
        }
        // Another tenant's import goes through meanwhile, so the worker has passed by.
        var (other, otherList) = await NewAsync();
        await other.Http.ImportAsync($"list_id={otherList}", "email\nann@example.com\n");
        (await service.QueryAsync<string>(tenant, "SELECT status FROM imports")).ShouldBe(["queued"]);

        await operators.PatchAsync($"/v1/tenants/{tenant.Id}", new { status = "active" }, HttpStatusCode.OK);
        await Eventually.Async(async () => (await service.QueryAsync<string>(tenant, "SELECT status FROM imports")).Single() == "finished", "the import goes on");
    }

    private async Task<Person> OnlyAsync(TestTenant tenant) => (await service.QueryAsync<Person>(tenant, Person.All)).Single();

    private async Task<(TestTenant Tenant, Guid List)> NewAsync()
    {
        var tenant = await service.NewTenantAsync();
        return (tenant, await service.NewListAsync(tenant));
    }
}
