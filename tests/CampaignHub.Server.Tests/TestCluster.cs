using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Tests.Platform.Postgres;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CampaignHub.Server.Tests;

/// <summary>
/// One PostgreSQL for the whole test run, in a directory of its own: started at its first use, gone when the run ends.
/// Each service under test has a database of its own in it.
/// </summary>
internal static class TestCluster
{
    private static readonly Lazy<Task<EmbeddedPostgres>> Server = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static int databases;

    /// <summary>A connection string to a new, empty database.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await Server.Value;
        return await server.CreateDatabaseAsync($"test_{Interlocked.Increment(ref databases)}");
    }

    /// <summary>
    /// The same with this build's schema and Hangfire's in it, as a start on an empty database makes them: copied from one that
    /// was made once, since to make them for each service took longer than most tests.
    /// </summary>
    public static async Task<string> NewPreparedDatabaseAsync()
    {
        var (server, template) = (await Server.Value, await Template.Value);
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await Sql.RunAsync(server.ConnectionString, $"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy");
        return server.ConnectionStringFor(name);
    }

    private static async Task<string> MakeTemplateAsync()
    {
        const string name = "prepared";
        var connectionString = await (await Server.Value).CreateDatabaseAsync(name);
        await new SchemaMigrator(connectionString, NullLogger.Instance).ApplyAsync(default);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        PostgreSqlObjectsInstaller.Install(connection, HangfireWiring.Schema);
        return name;
    }

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-tests-");
        var directory = DataDirectory.Open(place.FullName);
        var server = await EmbeddedPostgres.StartAsync(directory, NullLogger.Instance, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.DeleteAsync().GetAwaiter().GetResult();
            directory.Dispose();
            place.Delete(recursive: true);
        };
        return server;
    }
}
