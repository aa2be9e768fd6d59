using Npgsql;

namespace CampaignHub.Server.Tests;

/// <summary>
/// Stops whoever writes a table, from outside: in the middle of their transaction, with the statement done and nothing
/// committed. A test sees that they stand there, does what it does meanwhile, and lets them go on by disposing.
/// </summary>
public sealed class Standstill : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private Standstill(NpgsqlDataSource source, NpgsqlConnection connection) => (_source, _connection) = (source, connection);

    /// <param name="connectionString">Of the login that owns the database.</param>
    /// <param name="statement">Which kind, such as <c>INSERT ON campaignhub.waves</c>.</param>
    public static async Task<Standstill> AfterAsync(string connectionString, string statement)
    {
        var source = NpgsqlDataSource.Create(connectionString);
        var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"""
            CREATE OR REPLACE FUNCTION public.stand_still() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END';
            CREATE TRIGGER stand_still AFTER {statement} EXECUTE FUNCTION public.stand_still();
            SELECT pg_advisory_lock(4711);
            """, connection);
        await command.ExecuteNonQueryAsync();
        return new Standstill(source, connection);
    }

    /// <summary>Waits until somebody stands here.</summary>
    public Task ReachedAsync(string what) => Eventually.Async(async () =>
    {
        await using var look = _source.CreateCommand("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))");
        look.Parameters.AddWithValue(_connection.ProcessID);
        return await look.ExecuteScalarAsync() is true;
    }, what);

    public async ValueTask DisposeAsync()
    {
        await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _connection);
        await release.ExecuteNonQueryAsync();
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }
}
