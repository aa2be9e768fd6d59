using Dapper;
using Hangfire.PostgreSql;
using Npgsql;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>Looks after Hangfire's own tables from outside: they may be wiped, and nothing of ours may depend on them.</summary>
public sealed class HangfireStorage : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private readonly string _connectionString;

    public HangfireStorage(string connectionString)
    {
        _connectionString = HangfireWiring.ConnectionString(connectionString);
        _source = NpgsqlDataSource.Create(_connectionString);
    }

    /// <summary>Makes the tables again where they are gone.</summary>
    public async Task RestoreIfGoneAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        var there = await connection.QuerySingleAsync<bool>(
            new CommandDefinition($"SELECT to_regclass('{HangfireWiring.Schema}.job') IS NOT NULL", cancellationToken: ct));
        if (!there)
            PostgreSqlObjectsInstaller.Install(connection, HangfireWiring.Schema);
    }

    /// <summary>The ids of all jobs that wait for their instant or run.</summary>
    public async Task<IReadOnlySet<string>> ScheduledJobsAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            $"SELECT id::text FROM {HangfireWiring.Schema}.job WHERE statename IN ('Scheduled', 'Enqueued', 'Processing')", cancellationToken: ct))).ToHashSet();
    }

    /// <summary>Closes Hangfire's connections too: its factory leaves them in Npgsql's pool.</summary>
    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await using var pooled = new NpgsqlConnection(_connectionString);
        NpgsqlConnection.ClearPool(pooled);
    }
}
