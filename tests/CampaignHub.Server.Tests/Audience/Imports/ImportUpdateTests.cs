using System.Net;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Audience.Imports;

/// <summary>What a row does to somebody who is known already: it writes what it changes, and counts either way.</summary>
public sealed class ImportUpdateTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Columns = "email,first_name,last_name,locale,country,region,phone,time_zone,consent,consent_at,consent_source,city";
    private const string Ann = "ann@example.com,Ann,Lee,en,BR,AM,+55 1,America/Manaus,granted,2026-01-01T00:00:00.123456Z,fair,Manaus";
    private const string Version = "SELECT xmin::text || ' ' || updated_at FROM recipients WHERE email_key = 'ann@example.com'";
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_row_that_changes_nothing_is_counted_and_not_written()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", $"{Columns}\n{Ann}\n");
        var before = await service.QueryAsync<string>(tenant, Version);

        foreach (var file in (string[])[$"{Columns}\n{Ann}\n", "email,first_name,city\nann@example.com,Ann,\n", "email\nann@example.com\n"])
        {
            var again = await tenant.Http.ImportAsync($"list_id={list}", file);
            (again.Count("rows"), again.Count("created"), again.Count("updated")).ShouldBe((1, 0, 1));
            again["consent"]!["granted"]!.GetValue<int>().ShouldBe(1);
        }
        (await service.QueryAsync<string>(tenant, Version)).ShouldBe(before);
    }

    [Theory]
    [InlineData("email", "Ann@example.com", "email")]
    [InlineData("first_name", "Anna", "first_name")]
    [InlineData("last_name", "Li", "last_name")]
    [InlineData("locale", "pt-BR", "locale")]
    [InlineData("country", "JP", "country")]
    [InlineData("region", "SP", "region")]
    [InlineData("phone", "+55 2", "phone")]
    [InlineData("time_zone", "Asia/Seoul", "time_zone")]
    [InlineData("city", "Belém", "attributes ->> 'city'")]
    [InlineData("tier", "gold", "attributes ->> 'tier'")]
    [InlineData("consent", "withdrawn", "consent_status")]
    public async Task A_row_that_changes_one_field_is_written(string column, string cell, string expression)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", $"{Columns}\n{Ann}\n");
        var file = column == "email" ? $"email\n{cell}\n" : $"email,{column}\nann@example.com,{cell}\n";
        var import = await tenant.Http.ImportAsync($"list_id={list}", file);
        (import.Count("created"), import.Count("updated")).ShouldBe((0, 1));
        (await service.QueryAsync<string>(tenant, $"SELECT {expression} FROM recipients")).ShouldBe([cell]);
    }

    [Fact]
    public async Task A_newer_consent_is_written_with_its_source_and_instant()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", $"{Columns}\n{Ann}\n");
        (await ConsentAsync(tenant)).ShouldBe("fair 2026-01-01T00:00:00.123456");
        await tenant.Http.ImportAsync($"list_id={list}", "email,consent,consent_at,consent_source\nann@example.com,granted,2026-02-01T00:00:00Z,shop\n");
        (await ConsentAsync(tenant)).ShouldBe("shop 2026-02-01T00:00:00.000000");
    }

    [Fact]
    public async Task Who_is_known_and_unchanged_joins_another_list()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", $"{Columns}\n{Ann}\n");
        var other = await service.NewListAsync(tenant);
        var import = await tenant.Http.ImportAsync($"list_id={other}", $"{Columns}\n{Ann}\nbob@example.com\n");
        (import.Count("created"), import.Count("updated")).ShouldBe((1, 1));
        (await service.QueryAsync<long>(tenant, $"SELECT count(*) FROM list_recipients WHERE list_id = '{other}'")).ShouldBe([2L]);
    }

    [Fact]
    public async Task Who_is_made_elsewhere_at_the_same_moment_is_met_and_not_made_twice()
    {
        var (tenant, list) = await NewAsync();
        Guid id;
        await using (var elsewhere = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None))
        {
            await elsewhere.ExecuteAsync("""
                INSERT INTO recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, time_zone_source, consent_status, created_at, updated_at)
                VALUES (@id, gen_random_uuid(), 'ann@example.com', 'ann@example.com', 'example.com', '\x00', 'fallback', 'unknown', clock_timestamp(), clock_timestamp())
                """, new { id = tenant.Id });
            var begun = await tenant.Http.UploadAsync($"list_id={list}", "email,first_name\nann@example.com,Ann\nbob@example.com,Bob\n").ExpectAsync(HttpStatusCode.Accepted);
            id = begun["id"]!.GetValue<Guid>();
            await Eventually.Async(() => elsewhere.QuerySingleAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_locks AS l WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid)))"),
                waits => waits, "the batch waits for the other transaction");
            await elsewhere.CommitAsync();
        }
        var import = await tenant.Http.FinishedAsync(id);
        (import.Count("created"), import.Count("updated")).ShouldBe((1, 1));
        (await service.QueryAsync<string>(tenant, "SELECT first_name FROM recipients ORDER BY email_key")).ShouldBe(["Ann", "Bob"]);
    }

    [Fact]
    public async Task Who_leaves_the_list_while_a_batch_is_written_is_not_put_back_by_it()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email\na@example.com\nb@example.com\nc@example.com\n");
        var leaver = (await service.QueryAsync<Guid>(tenant, "SELECT recipient_id FROM recipients WHERE email_key = 'b@example.com'")).Single();
        Guid id;
        await using (var elsewhere = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None))
        {
            // Before and after the leaver in any order: the batch has been read, and writes nobody yet.
            await elsewhere.ExecuteAsync("SELECT FROM recipients WHERE email_key <> 'b@example.com' FOR UPDATE");
            var begun = await tenant.Http.UploadAsync($"list_id={list}", "email,first_name\na@example.com,A\nb@example.com,B\nc@example.com,C\n").ExpectAsync(HttpStatusCode.Accepted);
            id = begun["id"]!.GetValue<Guid>();
            await Eventually.Async(() => elsewhere.QuerySingleAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_locks AS l WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid)))"),
                waits => waits, "the batch waits for the other transaction");
            await tenant.Http.DeleteAsync($"/v1/lists/{list}/recipients/{leaver}?by_recipient=true").ExpectAsync(HttpStatusCode.NoContent);
            await elsewhere.CommitAsync();
        }
        (await tenant.Http.FinishedAsync(id)).Count("left_list").ShouldBe(1);
        (await service.QueryAsync<string>(tenant, """
            SELECT first_name FROM recipients JOIN list_recipients USING (tenant_id, recipient_id) ORDER BY email_key
            """)).ShouldBe(["A", "C"]);
    }

    [Fact]
    public async Task Who_is_deleted_leaves_the_lists_and_a_deleted_list_leaves_its_people()
    {
        var (tenant, list) = await NewAsync();
        var other = await service.NewListAsync(tenant);
        foreach (var into in (Guid[])[list, other])
            await tenant.Http.ImportAsync($"list_id={into}", "email\nann@example.com\nbob@example.com\n");
        var ann = (await service.QueryAsync<Guid>(tenant, "SELECT recipient_id FROM recipients WHERE email_key = 'ann@example.com'")).Single();

        (await tenant.Http.DeleteAsync($"/v1/recipients/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.QueryAsync<Guid>(tenant, "SELECT list_id FROM list_recipients ORDER BY list_id")).ShouldBe(new[] { list, other }.Order());
        (await tenant.Http.DeleteAsync($"/v1/lists/{list}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.QueryAsync<Guid>(tenant, "SELECT list_id FROM list_recipients")).ShouldBe([other]);
        (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM recipients")).ShouldBe([1L]);
    }

    private async Task<string> ConsentAsync(TestTenant tenant) => (await service.QueryAsync<string>(tenant, """
        SELECT consent_source || ' ' || to_char(consent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') FROM recipients
        """)).Single();

    private async Task<(TestTenant Tenant, Guid List)> NewAsync()
    {
        var tenant = await service.NewTenantAsync();
        return (tenant, await service.NewListAsync(tenant));
    }
}
