using Npgsql;

namespace CampaignHub.Server.Tests.Platform.Postgres;

/// <summary>One statement on a connection of its own.</summary>
internal static class Sql
{
    public static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Repeats it while the server cannot be reached, for a minute at most.</summary>
    public static async Task<object?> RunWhenUpAsync(string connectionString, string sql)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await RunAsync(connectionString, sql);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }
}
