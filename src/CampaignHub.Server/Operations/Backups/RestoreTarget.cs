using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using Npgsql;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>
/// An empty database that is being filled. Until <see cref="FinishAsync"/> it is marked, so that no service starts on it,
/// and locked, so that one that tries to meanwhile waits.
/// </summary>
internal sealed class RestoreTarget : IAsyncDisposable
{
    private readonly SchemaMigrator _migrator;
    private readonly NpgsqlConnection _connection;

    private RestoreTarget(SchemaMigrator migrator, NpgsqlConnection connection) => (_migrator, _connection) = (migrator, connection);

    /// <exception cref="StartupException">The database isn't empty, or can't take this backup.</exception>
    public static async Task<RestoreTarget> PrepareAsync(PostgresServer server, BackupManifest manifest, ILogger log, CancellationToken ct)
    {
        if (server.Version / 10000 < manifest.Postgres)
            throw new StartupException($"The backup is of PostgreSQL {manifest.Postgres}, and the server here is {server.Version / 10000}: restore into {manifest.Postgres} or later.");
        var migrator = new SchemaMigrator(server.ConnectionString, log);
        var target = new RestoreTarget(migrator, await migrator.LockAsync(ct));
        try
        {
            await target.PrepareAsync(manifest.Login, ct);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema of an older backup to this build's, and gives the planner the statistics that no dump has.</summary>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await _migrator.ApplyLockedAsync(_connection, ct);
        await RunAsync("ANALYZE", ct);
    }

    /// <summary>From here on services may start.</summary>
    public Task FinishAsync() => RunAsync($"DROP SCHEMA {UnfinishedRestore.Schema}", CancellationToken.None);

    /// <summary>Empties it again.</summary>
    public Task ClearAsync() =>
        RunAsync($"DROP SCHEMA IF EXISTS {string.Join(", ", Backup.Schemas)}, {UnfinishedRestore.Schema} CASCADE", CancellationToken.None);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task PrepareAsync(string login, CancellationToken ct)
    {
        if (await UnfinishedRestore.IsMarkedAsync(_connection, ct))
            await ClearAsync();
        if (await AskAsync<bool>("SELECT to_regnamespace('campaignhub') IS NOT NULL OR to_regnamespace('campaignhub_staging') IS NOT NULL", ct))
            throw new StartupException("The database is not empty, and nothing was changed: restore into an empty database, or into a new data directory, named by CampaignHub__DataDirectory.");
        if (await AskAsync<string>("SELECT current_user::text", ct) is var here && here != login)
            throw new StartupException($"The backup's tables belong to the database user {login}, and this one is {here}: connect as a user of that name.");
        await RunAsync(MakeRoom, ct);
    }

    // The roles as the first migration makes them. The schemas come before the dump: whoever is no superuser can hand a
    // function or table only to a role that may create in its schema.
    private const string MakeRoom = """
        DO $$
        DECLARE wanted text;
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['campaignhub_service', 'campaignhub_lookup'] LOOP
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', wanted);
                END IF;
                IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
                    EXECUTE format('GRANT %I TO %I', wanted, current_user);
                END IF;
            END LOOP;
        END $$;
        CREATE SCHEMA campaignhub_restore;
        CREATE SCHEMA campaignhub;
        CREATE SCHEMA campaignhub_staging;
        GRANT USAGE, CREATE ON SCHEMA campaignhub TO campaignhub_lookup;
        GRANT USAGE, CREATE ON SCHEMA campaignhub_staging TO campaignhub_service;
        """;

    private async Task<T> AskAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task RunAsync(string sql, CancellationToken ct)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
