namespace CampaignHub.Server.Tests.Platform.Database;

/// <summary>Every table that migrations make, whichever they are: none may be left outside the guard by being forgotten.</summary>
public sealed class RowLevelSecurityTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    /// <summary>Tables that belong to no tenant. Staging (campaignhub_staging) stands in a schema of its own: COPY can't write behind a policy.</summary>
    private static readonly string[] s_exceptions = ["form_turns", "installation", "rate_windows", "schema_versions"];

    [Fact]
    public async Task Every_table_is_guarded_by_its_tenant_or_named_as_an_exception()
    {
        var unguarded = await database.ReadAsync("""
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'campaignhub'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull)
                  AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant' AND p.polcmd = '*'
                      AND pg_get_expr(p.polqual, p.polrelid) LIKE '%tenant_id = ANY (%current_tenants()%)'))
            ORDER BY c.relname
            """);

        unguarded.ShouldBe(s_exceptions);
        database.Tables.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Every_unique_key_begins_with_the_tenant()
    {
        var others = await database.ReadAsync("""
            SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE c.relnamespace = 'campaignhub'::regnamespace AND i.indisunique AND a.attname <> 'tenant_id' AND c.relname <> ALL ($1)
            """, (object)s_exceptions);

        others.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_tenant_nothing_is_seen_and_nothing_can_be_written()
    {
        foreach (var table in database.Tables)
        {
            await using var service = await database.AsServiceAsync();
            (await service.CountAsync($"SELECT count(*) FROM {table.Name}")).ShouldBe(0, table.Name);
            (await service.CountAsync($"WITH w AS (UPDATE {table.Name} SET tenant_id = tenant_id RETURNING 1) SELECT count(*) FROM w")).ShouldBe(0, table.Name);
            (await service.CountAsync($"WITH w AS (DELETE FROM {table.Name} RETURNING 1) SELECT count(*) FROM w")).ShouldBe(0, table.Name);
            await service.IsRefusedAsync(table.InsertOf(Guid.CreateVersion7()), table.Name);
        }
    }

    [Fact]
    public async Task A_tenant_sees_its_own_rows_and_none_of_anothers()
    {
        foreach (var table in database.Tables)
        {
            await using var service = await database.AsServiceAsync(database.First);
            (await service.CountAsync($"SELECT count(*) FROM {table.Name}")).ShouldBe(1, table.Name);
            (await service.CountAsync($"SELECT count(*) FROM {table.Name} WHERE tenant_id = '{database.Second}'")).ShouldBe(0, table.Name);
            (await service.CountAsync($"WITH w AS (DELETE FROM {table.Name} WHERE tenant_id = '{database.Second}' RETURNING 1) SELECT count(*) FROM w")).ShouldBe(0, table.Name);
        }
    }

    [Fact]
    public async Task A_tenant_can_give_no_row_to_another()
    {
        foreach (var table in database.Tables)
        {
            await using (var service = await database.AsServiceAsync(database.First))
                await service.IsRefusedAsync(table.InsertOf(database.Second), table.Name);
            await using (var service = await database.AsServiceAsync(database.First))
                await service.IsRefusedAsync($"UPDATE {table.Name} SET tenant_id = '{database.Second}'", table.Name);
        }
    }

    [Fact]
    public async Task Partitions_are_reached_only_through_their_parent()
    {
        var partitions = await database.ReadAsync("""
            SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'campaignhub'::regnamespace AND relispartition AND relkind = 'r'
            """);
        partitions.Count.ShouldBeGreaterThanOrEqualTo(6);

        foreach (var partition in partitions)
            foreach (var statement in (string[])[$"SELECT count(*) FROM {partition}", $"DELETE FROM {partition}"])
            {
                await using var service = await database.AsServiceAsync(database.First);
                await service.IsRefusedAsync(statement, partition);
            }
    }

    [Fact]
    public async Task The_service_can_neither_lift_the_guard_nor_make_tables_beside_it()
    {
        foreach (var statement in (string[])[
            "ALTER TABLE recipients DISABLE ROW LEVEL SECURITY", "DROP POLICY tenant ON recipients",
            "CREATE TABLE campaignhub.mine (a int)", "SET session_replication_role = replica", "TRUNCATE recipients CASCADE"])
        {
            await using var service = await database.AsServiceAsync(database.First);
            await service.IsRefusedAsync(statement, statement);
        }
    }
}
