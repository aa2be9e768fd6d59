using System.Globalization;
using CampaignHub.Server.Tests.Platform.Postgres;
using Npgsql;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>What stands in the table of hits, each known by the user agent that its request named.</summary>
internal static class StoredHits
{
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT user_agent FROM campaignhub.hits");
        await using var rows = await command.ExecuteReaderAsync();
        List<string> agents = [];
        while (await rows.ReadAsync())
            agents.Add(rows.GetString(0));
        return agents;
    }

    /// <summary>Waits until all of these are stored, and nothing waits in the spool; then each is there once.</summary>
    public static async Task ShouldBecomeAsync(string connectionString, string dataDirectory, IEnumerable<string> agents)
    {
        var expected = agents.Order(StringComparer.Ordinal).ToList();
        await Eventually.Async(async () => SpoolOf(dataDirectory).Count == 0 && (await ReadAsync(connectionString)).Count >= expected.Count, "the hits are stored");
        (await ReadAsync(connectionString)).Order(StringComparer.Ordinal).ShouldBe(expected);
    }

    /// <summary>How many there are of these tenants, once none waits in the spool: on a busy machine some have gone there.</summary>
    public static async Task<int> CountAsync(TestService service, params Seed[] seeds)
    {
        await Eventually.Async(() => Task.FromResult(SpoolOf(service.DataDirectory).Count == 0), "nothing waits in the spool");
        return Convert.ToInt32(await Sql.RunAsync(
            service.ConnectionString, $"SELECT count(*) FROM campaignhub.hits WHERE tenant_id IN ({string.Join(", ", seeds.Select(seed => $"'{seed.Tenant.Id}'"))})"), CultureInfo.InvariantCulture);
    }

    public static IReadOnlyList<string> SpoolOf(string dataDirectory) => Files(dataDirectory, "spool");

    public static IReadOnlyList<string> AsideOf(string dataDirectory) => Files(dataDirectory, Path.Combine("spool", "aside"));

    private static IReadOnlyList<string> Files(string dataDirectory, string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(dataDirectory, folder)).Order(StringComparer.Ordinal)];
}
