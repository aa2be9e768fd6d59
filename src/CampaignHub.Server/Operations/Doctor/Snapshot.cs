using System.Data;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using Dapper;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>
/// The database at one moment, across tenants and read only. What belongs to tenants is read as
/// <c>campaignhub_lookup</c>, which can write nothing and sees neither addresses of relays nor their logins.
/// </summary>
internal sealed class Snapshot : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly CancellationToken _cancellation;

    private Snapshot(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        (_connection, Now, _cancellation) = (connection, now, ct);

    /// <summary>Business time.</summary>
    public Instant Now { get; }

    /// <exception cref="StartupException">It cannot be reached, or its schema isn't this build's.</exception>
    public static async Task<Snapshot> OpenAsync(string connectionString, Instant now, CancellationToken ct)
    {
        DapperTypes.Register();
        var snapshot = new Snapshot(await PostgresServer.ConnectAsync(connectionString, ct), now, ct);
        try
        {
            await snapshot._connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            await snapshot.QueryAsync<string>("SET TRANSACTION READ ONLY; SET LOCAL search_path = campaignhub; SET LOCAL statement_timeout = '30s'");
            await snapshot.CheckSchemaAsync();
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a query; <c>@now</c> is business time in it.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql) =>
        (await _connection.QueryAsync<T>(new CommandDefinition(sql, new { now = Now.ToDateTimeUtc() }, cancellationToken: _cancellation))).AsList();

    public async Task<T> QuerySingleAsync<T>(string sql) => (await QueryAsync<T>(sql)).Single();

    /// <summary>From here on tenants' tables are readable, and what belongs to the login alone is not.</summary>
    public Task SeeTenantsAsync() => QueryAsync<string>("SET LOCAL ROLE campaignhub_lookup");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task CheckSchemaAsync()
    {
        if (!await QuerySingleAsync<bool>("SELECT to_regclass('campaignhub.schema_versions') IS NOT NULL"))
            throw new StartupException("The database holds no CampaignHub yet: ./hub up makes it.");
        var applied = await QueryAsync<string>("SELECT scriptname FROM schema_versions");
        if (applied.Except(SchemaMigrator.Known).Max(StringComparer.Ordinal) is { } unknown)
            throw new StartupException($"The database's schema has {unknown}, which this build does not know: use the build that the service runs.");
        if (SchemaMigrator.Known.Except(applied).FirstOrDefault() is { } missing)
            throw new StartupException($"The database's schema lacks {missing}: use the build that the service runs, or bring the schema up with ./hub migrate.");
    }
}
