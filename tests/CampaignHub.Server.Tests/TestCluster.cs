using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Server.Tests;

/// <summary>
/// One PostgreSQL for the whole test run, in a directory of its own: started at its first use, gone when the run ends.
/// Each service under test has a database of its own in it.
/// </summary>
internal static class TestCluster
{
    private static readonly Lazy<Task<EmbeddedPostgres>> Server = new(StartAsync);
    private static int databases;

    /// <summary>A connection string to a new, empty database.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await Server.Value;
        return await server.CreateDatabaseAsync($"test_{Interlocked.Increment(ref databases)}");
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
