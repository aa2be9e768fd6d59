using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Tests.Platform.Postgres;
using DbUp.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Server.Tests.Platform.Migrations;

public sealed class SchemaMigratorTests(EmbeddedPostgresFixture postgres) : IClassFixture<EmbeddedPostgresFixture>
{
    private static readonly SqlScript Function = new("0002_function.sql", """
        -- $variables$ and dollar quotes are SQL's own; a ; inside them ends nothing.
        CREATE FUNCTION campaignhub.answer() RETURNS int LANGUAGE plpgsql AS $body$
        BEGIN
            PERFORM 'it''s; $name$';
            RETURN 42;
        END
        $body$;
        CREATE TABLE campaignhub.second (n int DEFAULT campaignhub.answer());
        INSERT INTO campaignhub.second DEFAULT VALUES;
        """);

    private static readonly SqlScript Table = new("0001_table.sql", "CREATE TABLE campaignhub.first (n int);");

    [Fact]
    public async Task Scripts_are_applied_in_order_and_once()
    {
        var database = await postgres.Server.CreateDatabaseAsync("once");

        (await Migrate(database, Function, Table)).ShouldBe(["0001_table.sql", "0002_function.sql"]);
        (await Migrate(database, Function, Table)).ShouldBeEmpty();

        (await Sql.RunAsync(database, "SELECT n FROM campaignhub.second")).ShouldBe(42);
        (await Sql.RunAsync(database, "SELECT count(*) FROM campaignhub.schema_versions")).ShouldBe(2L);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_apply_each_script_once()
    {
        var database = await postgres.Server.CreateDatabaseAsync("at_once");

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate(database, Table, Function)));

        applied.SelectMany(names => names).ShouldBe(["0001_table.sql", "0002_function.sql"]);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        var database = await postgres.Server.CreateDatabaseAsync("newer");
        await Migrate(database, Table, Function);

        var refusal = await Should.ThrowAsync<StartupException>(() => Migrate(database, Table));

        refusal.Message.ShouldStartWith("The database's schema is newer than this build, which does not know 0002_function.sql:");
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_and_can_be_mended()
    {
        var database = await postgres.Server.CreateDatabaseAsync("failing");
        var failing = new SqlScript("0002_failing.sql", "CREATE TABLE campaignhub.half (n int); SELECT 1 / 0;");

        var refusal = await Should.ThrowAsync<StartupException>(() => Migrate(database, Table, failing));

        refusal.Message.ShouldBe("Migration 0002_failing.sql failed and was rolled back: 22012: division by zero");
        (await Sql.RunAsync(database, "SELECT to_regclass('campaignhub.half') IS NULL AND to_regclass('campaignhub.first') IS NOT NULL")).ShouldBe(true);
        (await Migrate(database, Table, Function)).ShouldBe(["0002_function.sql"]);
    }

    [Fact]
    public async Task This_builds_own_scripts_apply_to_an_empty_database()
    {
        var database = await postgres.Server.CreateDatabaseAsync("own");

        var applied = await new SchemaMigrator(database, NullLogger.Instance).ApplyAsync(default);

        applied.ShouldBe(applied.Order(StringComparer.Ordinal));
        applied.ShouldAllBe(name => !name.Contains('/', StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<string>> Migrate(string database, params SqlScript[] scripts) =>
        new SchemaMigrator(database, NullLogger.Instance, scripts).ApplyAsync(default);
}
